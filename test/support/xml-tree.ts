/** An XML element without its prefixes: names are `{namespace}local`. Comments and instructions are left out. */
export interface XmlNode {
  name: string;
  attributes: Map<string, string>;
  children: XmlNode[];
  text: string;
}
interface Open {
  node: XmlNode;
  namespaces: ReadonlyMap<string, string>;
}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/[^>]*>|<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g;

/** Reads well-formed XML into a tree that does not depend on prefixes, the order of attributes or formatting. */
export function xmlTree(xml: string): XmlNode {
  const top: XmlNode = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Open[] = [{ node: top, namespaces: new Map([['xml', 'xml']]) }];
  for (const [whole, cdata, tag, attributes = '', closed, characters] of xml.replace(/^\uFEFF/, '').matchAll(token)) {
    const parent = open.at(-1) as Open;
    if (tag !== undefined) {
      const child = startElement(tag, attributes, parent);
      parent.node.children.push(child.node);
      if (closed === '') open.push(child);
    } else if (whole.startsWith('</')) open.pop();
    else parent.node.text += cdata ?? (characters === undefined ? '' : unescape(characters));
  }
  return top.children[0] as XmlNode;
}

function startElement(tag: string, source: string, { namespaces: inherited }: Open): Open {
  const pairs = [...source.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(
    ([, name = '', double, single]) => [name, unescape(double ?? single ?? '')] as const,
  );
  const namespaces = new Map(inherited);
  for (const [name, value] of pairs) {
    if (name === 'xmlns') namespaces.set('', value);
    else if (name.startsWith('xmlns:')) namespaces.set(name.slice(6), value);
  }
  const resolve = (name: string, fallback: string) => {
    const [local = '', prefix] = name.split(':').toReversed();
    return `{${prefix === undefined ? fallback : (namespaces.get(prefix) ?? prefix)}}${local}`;
  };
  const own = resolve(tag, namespaces.get('') ?? '');
  const attributes = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (name.startsWith('xmlns')) continue;
    const key = ownAttribute(resolve(name, ''), own);
    // The value of xsi:type is a name, too.
    attributes.set(key, key === `{${XSI}}type` ? resolve(value, namespaces.get('') ?? '') : value);
  }
  return { node: { name: own, attributes, children: [], text: '' }, namespaces };
}

/** `dmn:name` on an element of `dmn` says the same as `name`. */
const ownAttribute = (name: string, element: string) => {
  const end = name.indexOf('}') + 1;
  return name.slice(0, end) === element.slice(0, element.indexOf('}') + 1) ? `{}${name.slice(end)}` : name;
};

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name ?? ''] ?? whole;
  });
}

/**
 * Where two trees differ, one line each; elements of the same name are compared in their order.
 * @param defaults what an attribute means when it is absent
 */
export function xmlDifferences(before: XmlNode, after: XmlNode, defaults: Readonly<Record<string, string>> = {}, path = ''): string[] {
  const at = `${path}/${localName(before.name)}${idOf(before)}`;
  if (before.name !== after.name) return [`${at}: became ${after.name}`];
  const names = new Set([...before.attributes.keys(), ...after.attributes.keys()]);
  const changed = [...names].flatMap((name) => {
    const [was, is] = [before, after].map(({ attributes }) => attributes.get(name) ?? defaults[localName(name)]);
    return sameValue(was, is) ? [] : [`${at} @${localName(name)}: ${was} became ${is}`];
  });
  const text = before.text.trim() === after.text.trim() ? [] : [`${at}: text "${before.text.trim()}" became "${after.text.trim()}"`];
  const kinds = new Set([...before.children, ...after.children].map((child) => child.name));
  const children = [...kinds].flatMap((kind) => {
    const was = before.children.filter((child) => child.name === kind);
    const is = after.children.filter((child) => child.name === kind);
    if (was.length !== is.length) return [`${at}: ${was.length} ${localName(kind)} became ${is.length}`];
    return was.flatMap((child, index) => xmlDifferences(child, is[index] as XmlNode, defaults, at));
  });
  return [...changed, ...text, ...children];
}

/** `12.0` and `12` are one number. */
const sameValue = (was: string | undefined, is: string | undefined) =>
  was === is || (was !== undefined && is !== undefined && was.trim() !== '' && Number(was) === Number(is));
const localName = (name: string) => name.slice(name.indexOf('}') + 1);

function idOf({ attributes }: XmlNode): string {
  const id = attributes.get('{}id');
  return id === undefined ? '' : `#${id}`;
}

export const countElements = ({ children }: XmlNode): number => 1 + children.reduce((sum, child) => sum + countElements(child), 0);
