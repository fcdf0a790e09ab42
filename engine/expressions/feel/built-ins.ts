import { defineBuiltIn } from './function.ts';
import type { FeelFunction } from './function.ts';
import { contextFunctions } from './context-functions.ts';
import { dateFunctions } from './date-functions.ts';
import { listFunctions } from './list-functions.ts';
import { numberFunctions } from './number-functions.ts';
import { rangeFunctions } from './range-functions.ts';
import { textFunctions } from './text-functions.ts';

/** FEEL's built-in functions by name (DMN 1.5, 10.3.4) and our `sla`. A name that is a variable hides them. */
export const builtIns: ReadonlyMap<string, FeelFunction> = new Map(
  [...textFunctions, ...numberFunctions, ...listFunctions, ...contextFunctions, ...dateFunctions, ...rangeFunctions].map((row) => [
    row[0],
    defineBuiltIn(row),
  ]),
);

/** The names that FEEL may call; `@` is only for literals. */
export const builtIn = (name: string): FeelFunction | undefined => (name === '@' ? undefined : builtIns.get(name));
