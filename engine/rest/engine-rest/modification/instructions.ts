import { type ArrivalPlace, type CancelInstruction, type ModificationInstruction, type StartInstruction } from '#engine/core/modification/instructions.ts';
import type { Variables } from '#engine/core/values.ts';
import { invalidInput } from '#engine/errors.ts';
import { toTypedValue, wireVariablesSchema, type WireVariables } from '../variable-values.ts';

/** Camunda's ProcessInstanceModificationInstructionDto. */
export interface WireInstruction {
  type: 'cancel' | 'startBeforeActivity' | 'startAfterActivity' | 'startTransition';
  variables?: WireVariables | null;
  activityId?: string | null;
  transitionId?: string | null;
  activityInstanceId?: string | null;
  transitionInstanceId?: string | null;
  ancestorActivityInstanceId?: string | null;
  cancelCurrentActiveActivityInstances?: boolean | null;
}

const TEXT = { type: ['string', 'null'], maxLength: 255 };

function listOf(types: readonly WireInstruction['type'][]): object {
  return {
    type: ['array', 'null'],
    maxItems: 1000,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['type'],
      properties: {
        type: { enum: types },
        variables: wireVariablesSchema,
        activityId: TEXT,
        transitionId: TEXT,
        activityInstanceId: TEXT,
        transitionInstanceId: TEXT,
        ancestorActivityInstanceId: TEXT,
        cancelCurrentActiveActivityInstances: { type: ['boolean', 'null'] },
      },
    },
  };
}

export const startInstructionsSchema = listOf(['startBeforeActivity', 'startAfterActivity', 'startTransition']);
export const instructionsSchema = listOf(['cancel', 'startBeforeActivity', 'startAfterActivity', 'startTransition']);

const FLAG = { type: ['boolean', 'null'] };
export const modificationBody = {
  type: 'object',
  additionalProperties: false,
  properties: { skipCustomListeners: FLAG, skipIoMappings: FLAG, instructions: instructionsSchema, annotation: { type: ['string', 'null'], maxLength: 4000 } },
};
export interface ModificationBody {
  skipCustomListeners?: boolean | null;
  skipIoMappings?: boolean | null;
  instructions?: WireInstruction[] | null;
  annotation?: string | null;
}

/** @throws RequestError 400 when an instruction lacks what its type needs */
export function toModification({ instructions, skipCustomListeners, skipIoMappings, annotation }: ModificationBody): {
  instructions: ModificationInstruction[];
  skipListeners: boolean;
  skipIoMappings: boolean;
  annotation: string | null;
} {
  return {
    instructions: toInstructions(instructions),
    skipListeners: skipCustomListeners === true,
    skipIoMappings: skipIoMappings === true,
    annotation: annotation ?? null,
  };
}

export function toInstructions(wire: WireInstruction[] | null | undefined): ModificationInstruction[] {
  if (!wire || wire.length === 0) throw missing('instructions');
  return wire.map((instruction) => (instruction.type === 'cancel' ? toCancel(instruction) : toStart(instruction)));
}

export function toStartInstructions(wire: WireInstruction[] | null | undefined): StartInstruction[] {
  return (wire ?? []).map(toStart);
}

function toStart({ type, activityId, transitionId, ancestorActivityInstanceId, variables }: WireInstruction): StartInstruction {
  const target = type === 'startTransition' ? transitionId : activityId;
  if (!target) throw missing(type === 'startTransition' ? 'transitionId' : 'activityId');
  const shared: Variables = {};
  const local: Variables = {};
  for (const [name, value] of Object.entries(variables ?? {})) {
    const isLocal = (value as { local?: boolean }).local === true;
    (isLocal ? local : shared)[name] = toTypedValue(name, value);
  }
  return {
    type: type === 'startBeforeActivity' ? 'startBefore' : type === 'startAfterActivity' ? 'startAfter' : 'startTransition',
    target,
    ...(ancestorActivityInstanceId && { ancestor: elementInstanceId(ancestorActivityInstanceId) }),
    ...(Object.keys(shared).length > 0 && { variables: shared }),
    ...(Object.keys(local).length > 0 && { localVariables: local }),
  };
}

/** Camunda takes exactly one of the three. */
function toCancel({ activityId, activityInstanceId, transitionInstanceId }: WireInstruction): CancelInstruction {
  const given = [activityId, activityInstanceId, transitionInstanceId].filter(Boolean);
  if (given.length !== 1)
    throw invalidInput(
      'QUERY_INVALID',
      "For instruction type 'cancel': exactly one, 'activityId', 'activityInstanceId', or 'transitionInstanceId', is required",
      { problem: 'instructions' },
    );
  if (activityId) return { type: 'cancel', activity: activityId };
  const id = activityInstanceId ?? transitionInstanceId ?? '';
  const arrival = arrivalPlace(id);
  return arrival ? { type: 'cancel', arrival } : { type: 'cancel', instance: elementInstanceId(id) };
}

/** A token that waits at a join is no element instance: its id names the place, and which of several there it is. */
export function arrivalId({ scope, gateway, flow }: ArrivalPlace, number: number): string {
  return `${scope}-${gateway}-${flow}-${number}`;
}

function arrivalPlace(id: string): ArrivalPlace | null {
  const [, scope, gateway, flow] = /^(\d{1,16})-(\d{1,6})-(\d{1,6})-\d{1,6}$/.exec(id) ?? [];
  return scope === undefined ? null : { scope: Number(scope), gateway: Number(gateway), flow: Number(flow) };
}

/** What cannot be one of our ids names nothing. */
const elementInstanceId = (text: string): number => (/^[1-9]\d{0,15}$/.test(text) ? Number(text) : -1);

const missing = (name: string) => invalidInput('QUERY_INVALID', `Expected ${name}, but it is missing`, { problem: name });

