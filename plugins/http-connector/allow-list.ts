/** Which addresses may be called, from `SONGBAI_HTTP_ALLOW`: scheme, host and port are compared, nothing of the path. */
export type AllowList = (url: URL, tenant: string) => boolean;

interface Entry {
  /** null = every district. */
  tenant: string | null;
  scheme: string;
  /** `.example.com` stands for every host below it. */
  host: string;
  port: string;
}

/** @throws Error for an entry that is no address */
export function createAllowList(setting: string | undefined): AllowList {
  const entries = (setting ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(entryOf);
  return (url, tenant) =>
    entries.some(
      (entry) =>
        (entry.tenant === null || entry.tenant === tenant) &&
        entry.scheme === url.protocol &&
        entry.port === url.port &&
        (entry.host.startsWith('.') ? url.hostname.endsWith(entry.host) : url.hostname === entry.host),
    );
}

function entryOf(text: string): Entry {
  const [, tenant = null, address = ''] = /^(?:([\w-]+)@)?(.+)$/.exec(text) ?? [];
  const full = address.includes('://') ? address : `https://${address}`;
  const url = URL.canParse(full.replace('://*.', '://')) ? new URL(full.replace('://*.', '://')) : null;
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.username !== '' ||
    url.hostname.includes('*')
  )
    throw new Error(`Expected SONGBAI_HTTP_ALLOW to be addresses such as https://sms.example.com, but one is ${JSON.stringify(text)}`);
  return { tenant, scheme: url.protocol, host: full.includes('://*.') ? `.${url.hostname}` : url.hostname, port: url.port };
}
