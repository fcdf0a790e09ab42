import { activateInstance } from '#engine/core/commands/activate-instance.ts';
import { suspendInstance } from '#engine/core/commands/suspend-instance.ts';
import type { BoundCommand } from './run-command.ts';

/** Suspends or activates an instance. */
export function suspensionCommand(instanceId: number, isSuspended: boolean): BoundCommand<{ instanceId: number }> {
  const command = isSuspended ? suspendInstance : activateInstance;
  return (root, ports, by) => command({ instanceId }, root, ports, by);
}
