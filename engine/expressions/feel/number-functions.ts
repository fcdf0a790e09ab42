import { FeelDuration } from 'feelin';
import type { BuiltIn } from './function.ts';
import { decimal } from './operators.ts';

/** Rounds at a decimal place without the noise of binary fractions: 1.005 at 2 is 1.01, not 1. */
function roundAt(value: number, scale: number, round: (shifted: number) => number): number | null {
  if (!Number.isInteger(scale) || scale < -6111 || scale > 6176) return null;
  const shifted = shift(value, scale);
  return Number.isFinite(shifted) ? decimal(shift(round(shifted), -scale)) : value;
}

function shift(value: number, by: number): number {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + by}`);
}

const up = (value: number) => Math.sign(value) * Math.ceil(Math.abs(value));
const halfUp = (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
const halfDown = (value: number) => Math.sign(value) * Math.ceil(Math.abs(value) - 0.5);

function halfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest === 0.5 ? low + Math.abs(low % 2) : Math.round(value);
}

const rounding =
  (round: (value: number) => number) =>
  (value: number, scale: number | undefined): number | null =>
    roundAt(value, typeof scale === 'number' ? scale : 0, round);

function abs(value: number | FeelDuration): unknown {
  return value instanceof FeelDuration ? new FeelDuration(value.unwrap().abs(), value.yearsMonths) : Math.abs(value);
}

const parity = (rest: 0 | 1) => (value: number) => (Number.isInteger(value) ? Math.abs(value % 2) === rest : null);

export const numberFunctions: readonly BuiltIn[] = [
  ['decimal', 'n: number, scale: number', (value: number, scale: number) => roundAt(value, Math.trunc(scale), halfEven)],
  ['floor', ['n: number', 'n: number, scale: number'], rounding(Math.floor)],
  ['ceiling', ['n: number', 'n: number, scale: number'], rounding(Math.ceil)],
  ['round up', 'n: number, scale: number', rounding(up)],
  ['round down', 'n: number, scale: number', rounding(Math.trunc)],
  ['round half up', 'n: number, scale: number', rounding(halfUp)],
  ['round half down', 'n: number, scale: number', rounding(halfDown)],
  ['abs', 'n: number|years and months duration|days and time duration', abs],
  [
    'modulo',
    'dividend: number, divisor: number',
    (dividend: number, divisor: number) => (divisor === 0 ? null : decimal(dividend - divisor * Math.floor(dividend / divisor))),
  ],
  ['sqrt', 'number: number', (value: number) => (value < 0 ? null : decimal(Math.sqrt(value)))],
  ['log', 'number: number', (value: number) => (value <= 0 ? null : decimal(Math.log(value)))],
  ['exp', 'number: number', (value: number) => decimal(Math.exp(value))],
  ['odd', 'number: number', parity(1)],
  ['even', 'number: number', parity(0)],
];
