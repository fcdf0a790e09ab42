/** A BPMN file of one process, from the XML of its elements; `flows('a b', 'b c')` are its sequence flows. */
export function bpmnFile(key: string, content: string, definitions = ''): { name: string; content: string } {
  return {
    name: `${key}.bpmn`,
    content: `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d-${key}" targetNamespace="t">${definitions}
<bpmn:process id="${key}" isExecutable="true" camunda:historyTimeToLive="P30D">${content}</bpmn:process></bpmn:definitions>`,
  };
}

/** Sequence flows along each path, e.g. `flows('s a e')`; their ids are `s-a`, `a-e`. */
export function flows(...paths: string[]): string {
  return paths
    .flatMap((path) => {
      const ids = path.split(' ');
      return ids.slice(1).map((id, at) => `<bpmn:sequenceFlow id="${ids[at]}-${id}" sourceRef="${ids[at]}" targetRef="${id}"/>`);
    })
    .join('');
}
