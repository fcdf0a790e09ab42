/** The part of the moddle packages that we use; they ship no types of their own for it. */
interface ModdleReader {
  fromXML(xml: string): Promise<{ rootElement: unknown; warnings: unknown[] }>;
  toXML(element: unknown, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>;
}

declare module 'bpmn-moddle' {
  export const BpmnModdle: new (packages?: Record<string, unknown>) => ModdleReader;
}

declare module 'dmn-moddle' {
  export const DmnModdle: new (packages?: Record<string, unknown>) => ModdleReader;
}
