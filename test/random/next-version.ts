import type { RandomProcess } from './generate.ts';
import { all, sequence, step, visits, type Walk } from './walk.ts';

/**
 * A next version of a random process: its user tasks have another name, and two tasks are added before the end. They and their
 * flows stand first in the file, so that nothing keeps its place in the compiled model. `walk` and `visits` are those of an
 * instance that is migrated to it on its way.
 */
export function nextVersion({ xml, walk, visits: seen, ...process }: RandomProcess): RandomProcess {
  const key = `${process.key}_next`;
  const [added, passed] = [`added_${key}`, `passed_${key}`];
  const mainAt = xml.indexOf(`<bpmn:process id="${process.key}"`);
  const content = xml.slice(mainAt).replaceAll('<bpmn:userTask ', '<bpmn:userTask name="another name" ');
  // The last flow that was drawn leads to the end of the process.
  const lastFlow = [...content.matchAll(/<bpmn:sequenceFlow id="[^"]*" sourceRef="[^"]*" targetRef="([^"]*)">/g)].findLast(
    ({ 1: target }) => target?.startsWith('endEvent'),
  );
  if (!lastFlow) throw new Error(`Expected a flow to the end of ${process.key}, but there is none`);
  const [flow, end] = [lastFlow[0], lastFlow[1] ?? ''];
  const later = `<bpmn:sequenceFlow id="${added}_flow" sourceRef="${added}" targetRef="${passed}" /><bpmn:sequenceFlow id="${passed}_flow" sourceRef="${passed}" targetRef="${end}" />`;
  const changed = content
    .replace(flow, flow.replace(`targetRef="${end}"`, `targetRef="${added}"`))
    .replace(
      /<bpmn:process id="[^"]*" isExecutable="true">/,
      `<bpmn:process id="${key}" isExecutable="true"><bpmn:userTask id="${added}" /><bpmn:task id="${passed}" />${later}`,
    );
  return {
    ...process,
    key,
    xml: xml.slice(0, mainAt) + changed,
    walk: sequence(walk, step({ do: 'complete', at: added })),
    visits: all([seen, visits(added, passed)]),
  };
}

/** How many steps there are on the path. */
export function stepsOf(walk: Walk): number {
  if (walk.kind === 'step') return 1;
  if (walk.kind === 'beside' || walk.kind === 'item') return stepsOf(walk.walk);
  return walk.walks.reduce((sum, each) => sum + stepsOf(each), 0);
}
