import { contextOf, evaluateText } from '../behaviors/evaluation.ts';
import { escalate } from '../behaviors/escalations.ts';
import type { EscalationDefinition } from '../model.ts';
import { completeLater, type Token } from '../run.ts';

/** The thrower goes on after its catcher, unless that one interrupts it; an end event ends like a none end event. */
export function throwEscalation(token: Token, escalation: EscalationDefinition): void {
  completeLater(token);
  raiseEscalation(token, escalation);
}

export function raiseEscalation(token: Token, { code }: EscalationDefinition): void {
  escalate(token, evaluateText(token.run, code, contextOf(token)) ?? '');
}
