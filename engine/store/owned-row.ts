import type { InstanceState } from '#engine/core/state.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import { InvariantError } from '#engine/errors.ts';
import type { Row } from './unit-of-work.ts';

/** The columns of every row that belongs to a place in a running instance. */
export function ownedRow(
  { state, model }: { state: InstanceState; model: ProcessModel },
  id: number,
  element: number,
  createdAt: number,
): Row {
  const place = model.elements[element];
  if (!place) throw new InvariantError(`Expected element ${element} in process ${model.key}, but it has ${model.elements.length}`);
  return {
    id,
    instance_id: state.id,
    definition_id: state.definitionId,
    element: place.id,
    tenant: state.tenant,
    area: state.area,
    created_at: createdAt,
  };
}
