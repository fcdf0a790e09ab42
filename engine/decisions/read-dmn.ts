import { DmnModdle } from 'dmn-moddle';
import { moddleProblem, parseProblem } from '#engine/definitions/moddle-problems.ts';
import type { ModdleWarning } from '#engine/definitions/moddle-problems.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { checkXml, xmlLimits } from '#engine/definitions/xml-guard.ts';
import { dmnMetamodel } from './dmn-metamodel.ts';

const text = (name: string) => ({ name, type: 'String', isAttr: true });

/** Camunda's attributes in DMN files. @see https://docs.camunda.org/manual/7.24/reference/dmn/custom-extensions/ */
const camunda = {
  name: 'CamundaDmn',
  uri: 'http://camunda.org/schema/1.0/dmn',
  prefix: 'camunda',
  types: [
    { name: 'Decision', isAbstract: true, extends: ['dmn:Decision'], properties: [text('versionTag'), text('historyTimeToLive')] },
    { name: 'InputClause', isAbstract: true, extends: ['dmn:InputClause'], properties: [text('inputVariable')] },
    { name: 'Definitions', isAbstract: true, extends: ['dmn:Definitions'], properties: [text('diagramRelationId')] },
  ],
};
/** A cell of a decision table is two elements: a table of 1,000 rules and 10 columns has 22,000. */
const dmnLimits = { ...xmlLimits, elements: 30_000 };
const moddle = new DmnModdle({ dmn: dmnMetamodel, camunda });

/** Parses DMN after the guards of `checkXml`; files of DMN 1.1 to 1.5 are read alike. */
export async function readDmn(xml: string): Promise<{ definitions: ModdleElement | null; problems: Problem[] }> {
  const refused = checkXml(xml, dmnLimits);
  if (refused) return { definitions: null, problems: [refused] };
  try {
    const { rootElement, warnings } = (await moddle.fromXML(asDmn13(xml))) as { rootElement: ModdleElement; warnings: ModdleWarning[] };
    if (rootElement?.$type !== 'dmn:Definitions') return { definitions: null, problems: [problem(null, 'NO_DECISION')] };
    return { definitions: rootElement, problems: warnings.map(moddleProblem) };
  } catch (error) {
    return { definitions: null, problems: [parseProblem(error)] };
  }
}

const namespace = /(xmlns(?::[\w-]+)?\s*=\s*["'])https?:\/\/www\.omg\.org\/spec\/DMN\/\d+\/(MODEL\/?|dmn\.xsd|DMNDI\/?)(?=["'])/g;

function asDmn13(xml: string): string {
  return xml.replace(
    namespace,
    (_all, start: string, part: string) => `${start}https://www.omg.org/spec/DMN/20191111/${part.startsWith('DMNDI') ? 'DMNDI' : 'MODEL'}/`,
  );
}
