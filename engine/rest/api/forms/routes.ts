import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';

/** Forms by the hash of their content: what a browser was told to load never changes. */
export const formRoutes = ({ forms }: RouteContext): Route[] => [
  route({
    id: 'api.form.get',
    method: 'GET',
    path: '/api/forms/:file',
    summary: 'A form definition `<hash>.json`, or a validator module `<hash>.js`.',
    query: { type: 'object', additionalProperties: false, properties: { v: { type: 'string', maxLength: 64 } } },
    async handler({ params }) {
      const asset = await forms.asset(params['file'] ?? '');
      return { body: Buffer.from(asset.body), type: asset.type, headers: { 'cache-control': 'private, max-age=31536000, immutable' } };
    },
  }),
];
