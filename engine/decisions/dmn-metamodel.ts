import dmn13 from 'dmn-moddle/resources/dmn/json/dmn13.json' with { type: 'json' };

interface Property {
  name: string;
  type: string;
  [rule: string]: unknown;
}
interface Type {
  name: string;
  superClass?: string[];
  properties?: Property[];
}

const part = (name: string, type = 'ChildExpression'): Property => ({ name, type, xml: { serialize: 'property' } });
const attribute = (name: string): Property => ({ name, type: 'String', isAttr: true });

/** What DMN 1.4 and 1.5 added to 1.3. @see DMN 1.5, 10.2.2.13 to 10.2.2.16 and 7.3.3 */
const additions: Type[] = [
  { name: 'ChildExpression', superClass: ['DMNElement'], properties: [attribute('typeRef'), { name: 'value', type: 'Expression' }] },
  { name: 'Conditional', superClass: ['Expression'], properties: [part('if'), part('then'), part('else')] },
  { name: 'Filter', superClass: ['Expression'], properties: [part('in'), part('match')] },
  { name: 'Iterator', superClass: ['Expression'], properties: [attribute('iteratorVariable'), part('in')] },
  { name: 'For', superClass: ['Iterator'], properties: [part('return')] },
  { name: 'Some', superClass: ['Iterator'], properties: [part('satisfies')] },
  { name: 'Every', superClass: ['Iterator'], properties: [part('satisfies')] },
];
const changes: Readonly<Record<string, Property[]>> = { ItemDefinition: [part('typeConstraint', 'UnaryTests')] };

/** The metamodel of DMN 1.5, in the namespace of 1.3. */
export const dmnMetamodel = {
  ...dmn13,
  types: [
    ...(dmn13.types as Type[]).map((type) => ({ ...type, properties: [...(type.properties ?? []), ...(changes[type.name] ?? [])] })),
    ...additions,
  ],
};
