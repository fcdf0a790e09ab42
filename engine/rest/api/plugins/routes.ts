import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';

/** What a modeller can choose: each plugin with the form of its options, in both languages. */
export const pluginRoutes = ({ plugins = { active: [], failed: [] }, forms }: RouteContext): Route[] => [
  route({
    id: 'api.plugin.list',
    method: 'GET',
    path: '/api/plugins',
    summary:
      'The plugins of this node: those that run, with the schema, layout and texts of their options (and where the browser finds the form and its validator), and those that could not be loaded.',
    handler: () => ({
      body: {
        active: plugins.active.map(({ manifest, kinds, options, form }) => ({
          id: manifest.id,
          version: manifest.version,
          name: manifest.name,
          description: manifest.description,
          kinds,
          options,
          ...forms.urls(form.hash),
        })),
        failed: plugins.failed,
      },
    }),
  }),
];
