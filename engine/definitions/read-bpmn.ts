import { importBpmn } from './bpmn-xml.ts';
import type { ModdleElement } from './moddle-element.ts';
import { moddleProblem, parseProblem } from './moddle-problems.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { checkXml } from './xml-guard.ts';

/** Parses BPMN after the guards of `checkXml`; the definitions are null when nothing can be compiled. */
export async function readBpmn(xml: string): Promise<{ definitions: ModdleElement | null; problems: Problem[] }> {
  const refused = checkXml(xml);
  if (refused) return { definitions: null, problems: [refused] };
  try {
    const { definitions, warnings } = await importBpmn(xml);
    if (definitions?.$type !== 'bpmn:Definitions') return { definitions: null, problems: [problem(null, 'NO_EXECUTABLE_PROCESS')] };
    const problems = warnings.map(moddleProblem);
    // ASCII reads the same in every encoding that a modeller writes.
    return { definitions, problems: isAscii(xml) ? problems.filter(({ code }) => code !== 'XML_ENCODING') : problems };
  } catch (error) {
    return { definitions: null, problems: [parseProblem(error)] };
  }
}

const isAscii = (text: string) => Buffer.byteLength(text) === text.length;
