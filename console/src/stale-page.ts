const RELOADED = 'songbai.reloadedAt';
const AGAIN_AFTER_MS = 60_000;

/** After an update of the server an open page asks for chunks that are gone; it reloads itself, but not in a circle. */
export function reloadWhenStale(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (Date.now() - last < AGAIN_AFTER_MS) return;
    event.preventDefault();
    sessionStorage.setItem(RELOADED, String(Date.now()));
    window.location.reload();
  });
}
