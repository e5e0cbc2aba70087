/** The tab «Step through»: a digit taken through the network one formula at a time. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import './step.css';
import './symbols.css';
import './code.css';
import './small.css';
import { explainInput, learningRateOf, outcomeAfter } from '../../explanation.ts';
import type { LoadedModel } from '../../kernels.ts';
import { type Digit, drawn, model, view } from '../../state.ts';
import { CodePanel } from './code-panel.tsx';
import { DigitChoice } from './digit-choice.tsx';
import { DigitFacts } from './digit-facts.tsx';
import { NetworkPicture } from './network-picture.tsx';
import { Progress, Steering } from './progress.tsx';
import { Inspector, SymbolCards } from './quantity.tsx';
import { SgdStep } from './sgd-step.tsx';
import { NoteFormula, StepFormula } from './step-formula.tsx';
import { type Stop, walkthrough } from './walkthrough.ts';

/** The view. */
export function StepView() {
  const [loaded, setLoaded] = useState<LoadedModel | undefined>(undefined);
  const [failed, setFailed] = useState<string | undefined>(undefined);
  useEffect(() => {
    model().then(setLoaded, (error: Error) => setFailed(error.message));
  }, []);
  return (
    <>
      <h1>Step through</h1>
      {failed !== undefined && <p role="alert">{failed}</p>}
      {failed === undefined && loaded === undefined && <p class="muted">Loading the model …</p>}
      {loaded && <Walk loaded={loaded} />}
    </>
  );
}

function Walk({ loaded }: { loaded: LoadedModel }) {
  const { model, shape } = loaded;
  const [digit, setDigit] = useState<Digit | undefined>(undefined);
  const [target, setTarget] = useState<number | undefined>(undefined);
  const [rate, setRate] = useState<number | undefined>(undefined);
  const [taken, setTaken] = useState(false);
  const choose = (next: Digit) => {
    setDigit(next);
    setTarget(undefined);
    setTaken(false);
  };
  const fresh = drawn.value;
  useEffect(() => {
    if (fresh !== undefined) choose(fresh);
  }, [fresh]);

  const label = digit?.label ?? target;
  const alpha = rate ?? learningRateOf(model);
  const walk = useMemo(() => {
    if (digit === undefined) return undefined;
    try {
      const explanation = explainInput(model, digit.pixels, label, alpha);
      return { explanation, stops: walkthrough(model, explanation) };
    } catch (error) {
      return { problem: (error as Error).message };
    }
  }, [model, digit, label, alpha]);
  const after = useMemo(
    () =>
      taken && digit && walk?.explanation ? outcomeAfter(model, digit.pixels, walk.explanation) : undefined,
    [taken, model, digit, walk],
  );
  if (shape === undefined) return <p>This model takes no images.</p>;

  return (
    <>
      <DigitChoice chosen={digit} onChoose={choose} shape={shape} />
      {walk?.problem !== undefined && <p role="alert">{walk.problem}</p>}
      {digit && walk?.explanation && (
        <div class="step-layout">
          <Stage stops={walk.stops} loaded={loaded} />
          <div class="step-side">
            <div class="step-facts-place">
              <DigitFacts
                digit={digit}
                shape={shape}
                model={model}
                explanation={walk.explanation}
                onTarget={(next) => {
                  setTarget(next);
                  setTaken(false);
                }}
                target={target}
              />
            </div>
            <SgdStep
              explanation={walk.explanation}
              model={model}
              after={after}
              onTake={() => setTaken(true)}
              onReset={() => setTaken(false)}
              rate={alpha}
              onRate={(next) => {
                setRate(next);
                setTaken(false);
              }}
            />
          </div>
        </div>
      )}
    </>
  );
}

/** The walk itself: one formula with all that belongs to it. */
function Stage({ stops, loaded }: { stops: readonly Stop[]; loaded: LoadedModel }) {
  const [wanted, setWanted] = useState({ at: 0, symbol: 0 });
  const at = Math.min(wanted.at, stops.length - 1);
  const stop = stops[at];
  const symbol = Math.min(wanted.symbol, stop.quantities.length - 1);
  const last = stops.length - 1;
  const go = (to: number) => setWanted({ at: to, symbol: 0 });
  const onChoose = (place: number) => setWanted({ at, symbol: place });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Fields, tabs and heat maps have these keys for themselves.
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (view.value !== 'step' || needsArrows(event.target as Element)) return;
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      // From where the last key went, which may not be shown yet: keys can come faster than pictures.
      setWanted((from) => ({ at: Math.max(0, Math.min(last, Math.min(last, from.at) + by)), symbol: 0 }));
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [last]);

  const setting = { classes: loaded.model.classes, image: loaded.shape };
  return (
    <section class="panel step-stage" aria-label="The walk">
      <Progress stops={stops} at={at} onGo={go} />
      <Steering stops={stops} at={at} onGo={go} />
      <NetworkPicture spec={loaded.model.spec} stop={stop} />
      <StepFormula stop={stop} chosen={symbol} onChoose={onChoose} />
      <SymbolCards quantities={stop.quantities} chosen={symbol} onChoose={onChoose} setting={setting} />
      <div class="step-pair">
        <Inspector quantity={stop.quantities[symbol]} setting={setting} />
        <CodePanel places={stop.code} />
      </div>
      <NoteFormula stop={stop} />
      <p class="note">
        Indices count from 0, as in <code>mlp explain</code>, whose numbers these are: float64, one sample.
        The arrow keys ← and → go from formula to formula.
      </p>
    </section>
  );
}

/** Whether the arrow keys move within the element: a field, or something wider than its place. */
function needsArrows(target: Element): boolean {
  if (target.closest('input, select, textarea') !== null) return true;
  const wide = target.closest('pre, .formula, .step-statement');
  return wide !== null && wide.scrollWidth > wide.clientWidth;
}
