import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { evaluate, writableContextOf } from '../behaviors/evaluation.ts';
import { setVariable } from '../behaviors/variables.ts';
import type { ScriptTask } from '../model.ts';
import { typed } from '../values.ts';

/** Runs its script at once; the sandbox and its limits are the port's. */
export const scriptTask: ElementBehavior<ScriptTask> = {
  execute(token) {
    const { run, element } = token;
    const result = evaluate(run, element.script, writableContextOf(token));
    if (element.resultVariable) setVariable(token, element.resultVariable, typed(result));
    completeElement(token);
  },
};
