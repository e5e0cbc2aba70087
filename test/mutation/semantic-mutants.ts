/** The trials of the semantic mutants: each fault at each site, alone and in depth, under both witnesses. */

import type { GradientCheck, Witness } from '../../src/check/gradients/gradient-check.ts';
import { install } from './fault-call.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { Linker } from './linker.ts';
import { installInNetwork, NETWORK_FAULTS } from './network-faults.ts';
import { checkAlone, checkInDepth, SITES, type Site, type Subject } from './sites.ts';

/** What a fault came to at a site. */
export interface Cell {
  readonly fault: string;
  readonly site: string;
  readonly where: 'alone' | 'in depth';
  readonly outcome: 'killed' | 'survived' | 'equivalent' | 'not applicable';
  /** Why it is equivalent or does not apply; '' otherwise. */
  readonly reason: string;
  /** Of a kill, what each witness found. */
  readonly kills: Readonly<Partial<Record<Witness, Kill>>>;
}

/** The check that failed by the largest error; of a refusal its message, with an error of Infinity. */
export interface Kill {
  readonly what: string;
  readonly error: number;
}

/** Both must reject a mutant. */
export const WITNESSES: readonly Witness[] = ['complex-step', 'central-difference'];

/** The networks in which the recursion itself is broken. */
export const NETWORKS = [
  { activation: 'relu', loss: 'softmax-cross-entropy' },
  { activation: 'sigmoid', loss: 'squared-error' },
  { activation: 'tanh', loss: 'sigmoid-cross-entropy' },
  { activation: 'identity', loss: 'svm' },
] as const;

/** Every cell of both tables. */
export function semanticCells(linker: Linker): Cell[] {
  const { right } = linker;
  const fresh = (): Subject => ({ program: linker.link(), right, parameters: [] });
  const bySite = FAULTS.flatMap((fault) =>
    SITES.flatMap((site) =>
      (['alone', 'in depth'] as const).map((where) => siteCell(fresh, fault, site, where)),
    ),
  );
  const byNetwork = NETWORK_FAULTS.flatMap((fault) =>
    NETWORKS.map((network): Cell => {
      const reason = fault.equivalent?.[network.activation] ?? '';
      const kills = trial((witness) => {
        const subject = fresh();
        installInNetwork(subject, fault);
        return checkInDepth(subject, network, witness, true);
      });
      const site = `${network.activation}, ${network.loss}`;
      return { fault: fault.name, site, where: 'in depth', reason, kills, outcome: outcomeOf(kills, reason) };
    }),
  );
  return [...bySite, ...byNetwork];
}

/** What the same checks find where there is no fault: nothing may fail. */
export function controls(linker: Linker): GradientCheck[] {
  const { right } = linker;
  const fresh = (): Subject => ({ program: linker.link(), right, parameters: [] });
  return WITNESSES.flatMap((witness) => [
    ...SITES.flatMap((site) => {
      const subject = fresh();
      install(subject, site, ({ values }) => values);
      return [...checkAlone(subject, site, witness), ...checkInDepth(subject, site, witness)];
    }),
    ...NETWORKS.flatMap((network) => {
      const subject = fresh();
      installInNetwork(subject, {
        run: ({ layers, delta }) => {
          let down = layers[0].backward(delta);
          for (const layer of layers.slice(1)) down = down && layer.backward(down);
        },
      });
      return checkInDepth(subject, network, witness, true);
    }),
  ]);
}

function siteCell(fresh: () => Subject, fault: Fault, site: Site, where: Cell['where']): Cell {
  const names = [site.name, site.kind] as const;
  const reasonIn = (reasons: Fault['no']) =>
    names.map((name) => reasons?.[name as keyof typeof reasons]).find(Boolean);
  const cell = { fault: fault.name, site: site.name, where };
  const no = reasonIn(fault.no);
  if (no !== undefined) return { ...cell, outcome: 'not applicable', reason: no, kills: {} };
  const unseen = where === 'in depth' ? reasonIn(fault.unseenInDepth) : undefined;
  const reason = reasonIn(fault.equivalent) ?? unseen ?? '';
  const kills = trial((witness) => {
    const subject = fresh();
    install(subject, site, fault.apply);
    return (where === 'alone' ? checkAlone : checkInDepth)(subject, site, witness);
  });
  return { ...cell, reason, kills, outcome: outcomeOf(kills, reason) };
}

function trial(check: (witness: Witness) => GradientCheck[]): Cell['kills'] {
  const kills: Partial<Record<Witness, Kill>> = {};
  for (const witness of WITNESSES) {
    const kill = killOf(() => check(witness));
    if (kill !== undefined) kills[witness] = kill;
  }
  return kills;
}

function killOf(check: () => GradientCheck[]): Kill | undefined {
  try {
    const failed = check().filter(({ passed }) => !passed);
    if (failed.length === 0) return undefined;
    // A gradient that is wrong says more than that something was written to.
    const gradients = failed.filter(({ tolerance }) => tolerance > 0);
    const shown = gradients.length > 0 ? gradients : failed;
    return shown.reduce((worst, next) => (next.error > worst.error ? next : worst));
  } catch (error) {
    return { what: error instanceof Error ? error.message : String(error), error: Infinity };
  }
}

/** A kill needs both witnesses, an equivalent must get past both. */
function outcomeOf(kills: Cell['kills'], reason: string): Cell['outcome'] {
  const count = Object.keys(kills).length;
  if (reason !== '') return count === 0 ? 'equivalent' : 'survived';
  return count === WITNESSES.length ? 'killed' : 'survived';
}
