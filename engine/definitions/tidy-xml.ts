const SPACED = /\s=\s*["']|=\s+["']|=["'](?:\s|[^"'<>\s]+\s["'])/;
const MARKUP = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[\w][^"'<>]*(?:"[^"]*"[^"'<>]*|'[^']*'[^"'<>]*)*>/g;
const REFERENCE = /(\s(?:id|\w*Ref|default|bpmnElement)=)(["'])\s*([^\s"']+)\s*\2/g;

/**
 * Blanks that XML allows and moddle's parser does not: around the `=` of an attribute, and in ids and references to them, where
 * XML Schema takes them off (xs:ID and xs:QName are collapsed).
 */
export function tidyXml(xml: string): string {
  if (!SPACED.test(xml)) return xml;
  return xml.replace(MARKUP, (markup) => (markup.startsWith('<!') ? markup : tidyTag(markup)));
}

function tidyTag(tag: string): string {
  const joined = tag.replaceAll(/("[^"]*"|'[^']*')|\s*=\s*/g, (_whole, value: string | undefined) => value ?? '=');
  return joined.replaceAll(REFERENCE, '$1$2$3$2');
}
