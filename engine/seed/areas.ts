import type { AreaRow } from '#engine/store/area-store.ts';

/** A district as the statistical division tables name it; community codes are the last three digits. */
export interface DistrictData {
  code: string;
  name: string;
  streets: { code: string; name: string; communities: string[][] }[];
}

/** District, streets and communities of one tenant; the tenant's id is the district's code. */
export function areaRows({ code: district, name, streets }: DistrictData): AreaRow[] {
  const row = (code: string, parent: AreaRow | null, areaName: string): AreaRow => ({
    tenant: district,
    code,
    parent: parent?.code ?? null,
    path: parent ? `${parent.path}/${code}` : code,
    name: areaName,
    level: parent ? parent.level + 1 : 1,
  });
  const top = row(district, null, name);
  return [
    top,
    ...streets.flatMap((street) => {
      const node = row(street.code, top, street.name);
      return [node, ...street.communities.map(([digits, community]) => row(`${street.code}${digits}`, node, `${community}社区`))];
    }),
  ];
}
