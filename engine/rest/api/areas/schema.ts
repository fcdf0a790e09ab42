export const areaBody = {
  type: 'object',
  additionalProperties: false,
  required: ['parent', 'code', 'name'],
  properties: {
    /** The path of the area above, e.g. `120103/120103008`. */
    parent: { type: 'string', maxLength: 190 },
    code: { type: 'string', maxLength: 1000 },
    name: { type: 'string', maxLength: 1000 },
  },
};
export interface AreaBody {
  parent: string;
  code: string;
  name: string;
}
