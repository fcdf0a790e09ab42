import { pathToFileURL } from 'node:url';

/** The models of others: the folder that `SONGBAI_CONFORMANCE_DIR` names, else `../shared/conformance` beside the work tree. */
export const conformanceFolder: URL = folderUrl();

function folderUrl(): URL {
  const named = process.env['SONGBAI_CONFORMANCE_DIR'];
  return named === undefined || named === '' ? new URL('../../../shared/conformance/', import.meta.url) : pathToFileURL(`${named}/`);
}
