/** The network as columns of units, with the place where the walk stands: orientation, not detail. */

import type { Role } from '../../../../explain/step-formula.ts';
import type { NetworkSpec } from '../../../../network/network.ts';
import type { Stop } from './walkthrough.ts';

const HEIGHT = 104;
const GAP = 92;
const MARGIN = 34;
const MAX_UNITS = 6;

interface Column {
  readonly title: string;
  readonly width: number;
}

/** What happens at the units of a column. The rest happens at the weights below them. */
const AT_UNITS: readonly Role[] = ['input', 'activation', 'activationGradient'];

/** What concerns all weights. */
const EVERYWHERE: readonly Role[] = ['penalty', 'l1Penalty', 'lossAfter'];

/** The network, and which part of it the formula concerns. */
export function NetworkPicture({ spec, stop }: { spec: NetworkSpec; stop: Stop }) {
  const columns: Column[] = [{ title: 'input', width: spec.inputs }];
  /** The column on top of which a layer of the spec stands. */
  const columnOf: number[] = [];
  for (const layer of spec.layers) {
    if (layer.type === 'dense') columns.push({ title: `layer ${columns.length}`, width: layer.outputs });
    else columns[columns.length - 1] = { ...columns[columns.length - 1], title: layer.name };
    columnOf.push(columns.length - 1);
  }
  const last = columns.length;
  const { step } = stop;
  const { role, layer } = step;
  const atLoss = layer === null && role !== 'input';
  const everywhere = EVERYWHERE.includes(role);
  const here = layer !== null ? columnOf[layer] : atLoss ? last : 0;
  const atUnits = AT_UNITS.includes(role);
  const edges = (to: number) => everywhere || (!atLoss && !atUnits && to === here);
  const units = (n: number) =>
    role === 'lossAfter' || (!everywhere && ((atUnits && n === here) || (atLoss && n === last - 1)));
  const x = (n: number) => MARGIN + n * GAP;
  const width = x(last) + MARGIN;
  const where = everywhere
    ? 'the whole network'
    : atLoss
      ? 'the loss'
      : atUnits
        ? `the units of ${here === 0 ? 'the input' : `layer ${here}`}`
        : `the weights of layer ${here}`;
  return (
    <div class={`step-network step-${step.direction}`}>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${step.direction}: ${where}`}
      >
        {columns.slice(1).map((column, n) => (
          <Edges
            key={column.title}
            from={{ x: x(n), y: unitPlaces(columns[n].width) }}
            to={{ x: x(n + 1), y: unitPlaces(column.width) }}
            active={edges(n + 1)}
          />
        ))}
        <Edges
          from={{ x: x(last - 1), y: unitPlaces(columns[last - 1].width) }}
          to={{ x: x(last), y: [HEIGHT / 2 - 8] }}
          active={atLoss && !everywhere}
        />
        {columns.map((column, n) => (
          <g key={column.title} class={units(n) ? 'step-net-active' : ''}>
            {unitPlaces(column.width).map((y) => (
              <circle key={y} class="step-net-unit" cx={x(n)} cy={y} r="5" />
            ))}
            <text class="step-net-text" x={x(n)} y={HEIGHT - 3}>
              {column.width} {column.title}
            </text>
          </g>
        ))}
        <g class={atLoss ? 'step-net-active' : ''}>
          <rect class="step-net-unit" x={x(last) - 8} y={HEIGHT / 2 - 16} width="16" height="16" rx="3" />
          <text class="step-net-text" x={x(last)} y={HEIGHT - 3}>
            loss
          </text>
        </g>
      </svg>
    </div>
  );
}

/** Heights of the units that are drawn; more than fit are left out. */
function unitPlaces(width: number): number[] {
  const count = Math.min(width, MAX_UNITS);
  const step = 14;
  return Array.from({ length: count }, (_, i) => HEIGHT / 2 - 8 + (i - (count - 1) / 2) * step);
}

interface Side {
  readonly x: number;
  readonly y: readonly number[];
}

function Edges({ from, to, active }: { from: Side; to: Side; active: boolean }) {
  const path = from.y.flatMap((a) => to.y.map((b) => `M${from.x + 6} ${a}L${to.x - 7} ${b}`)).join('');
  return <path class={active ? 'step-net-edges step-net-active' : 'step-net-edges'} d={path} />;
}
