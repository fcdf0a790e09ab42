import type { ProcessModel } from '../model.ts';
import { type Activity, findActivity, keyOf } from './activity.ts';

/** Maps an activity of one version to an activity of another; BPMN ids, of loops also with `#multiInstanceBody`. */
export interface MigrationInstruction {
  source: string;
  target: string;
  /** What it waits for is taken from the new version: a timer begins anew, a message may have another name. */
  updateEventTrigger: boolean;
}

export interface MigrationPlan {
  sourceDefinitionId: number;
  targetDefinitionId: number;
  instructions: readonly MigrationInstruction[];
}

/** What is wrong with an instruction, or keeps an instance from being migrated; texts are in `rest/messages`. */
export interface MigrationProblem {
  code: MigrationProblemCode;
  /** BPMN ids and kinds that the text names. */
  params: Readonly<Record<string, string>>;
}

export type MigrationProblemCode =
  | 'SOURCE_UNKNOWN'
  | 'TARGET_UNKNOWN'
  | 'MAPPED_TWICE'
  | 'TYPE_DIFFERS'
  | 'EVENT_TYPE_DIFFERS'
  | 'ANCESTOR_DIFFERS'
  | 'EVENT_SCOPE_DIFFERS'
  | 'TRIGGER_MISSING'
  | 'CONDITION_NOT_UPDATED'
  | 'LOOP_ADDED'
  | 'LOOP_RUN_NOT_MAPPED'
  | 'GATEWAY_HAS_FEWER_FLOWS'
  | 'GATEWAY_SCOPE_NOT_MAPPED'
  | 'GATEWAY_MAPPED_TWICE'
  | 'DEFINITION_DIFFERS'
  | 'ACTIVITY_NOT_MAPPED'
  | 'NOT_ASYNC_BEFORE'
  | 'NOT_ASYNC_AFTER'
  | 'COMPENSATION_NOT_MAPPED'
  | 'COMPENSATION_HANDLER_LOST'
  | 'COMPENSATION_SCOPE_MISSING'
  | 'WAITING_ACTIVITY_NOT_MAPPED';

export interface MappedActivity {
  readonly instruction: MigrationInstruction;
  readonly source: Activity;
  readonly target: Activity;
}

/** The instructions between two models, by `keyOf` their activities. The process is mapped to the process. */
export interface Mapping {
  readonly source: ProcessModel;
  readonly target: ProcessModel;
  readonly bySource: ReadonlyMap<number, MappedActivity>;
  readonly byTarget: ReadonlyMap<number, readonly MappedActivity[]>;
}

/** Instructions that name an unknown activity are left out, of several for one activity the first counts: see `checkPlan`. */
export function mappingOf(source: ProcessModel, target: ProcessModel, instructions: readonly MigrationInstruction[]): Mapping {
  const bySource = new Map<number, MappedActivity>();
  const byTarget = new Map<number, MappedActivity[]>();
  const add = (mapped: MappedActivity) => {
    if (!bySource.has(keyOf(mapped.source))) bySource.set(keyOf(mapped.source), mapped);
    const others = byTarget.get(keyOf(mapped.target));
    if (others) others.push(mapped);
    else byTarget.set(keyOf(mapped.target), [mapped]);
  };
  const processOf = ({ elements }: ProcessModel): Activity => ({ element: elements[0]!, isBody: false });
  const process = { source: processOf(source), target: processOf(target) };
  add({ ...process, instruction: { source: source.key, target: target.key, updateEventTrigger: false } });
  for (const instruction of instructions) {
    const [from, to] = [findActivity(source, instruction.source), findActivity(target, instruction.target)];
    if (from && to) add({ instruction, source: from, target: to });
  }
  return { source, target, bySource, byTarget };
}

export function mappedFrom({ bySource }: Mapping, activity: Activity): MappedActivity | undefined {
  return bySource.get(keyOf(activity));
}
