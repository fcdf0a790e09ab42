import { readonly, ref, watchEffect } from 'vue';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export type Zoom = 100 | 115 | 130;

const THEMES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];
const ZOOMS: readonly Zoom[] = [100, 115, 130];
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = ref(systemDark.matches);
systemDark.addEventListener('change', (event) => (isSystemDark.value = event.matches));

const choice = ref<ThemeChoice>(THEMES.find((theme) => theme === localStorage.getItem('songbai.theme')) ?? 'auto');
const zoom = ref<Zoom>(ZOOMS.find((step) => String(step) === localStorage.getItem('songbai.zoom')) ?? 100);

/** The chosen theme; `auto` follows the system. */
export const themeChoice = readonly(choice);
/** Size of the whole page in percent, for tired eyes. */
export const pageZoom = readonly(zoom);

export function setTheme(theme: ThemeChoice): void {
  choice.value = theme;
  localStorage.setItem('songbai.theme', theme);
}

export function setZoom(step: Zoom): void {
  zoom.value = step;
  localStorage.setItem('songbai.zoom', String(step));
}

/** Keeps `<html>` in step with the choice; called once at start. */
export function applyTheme(): void {
  watchEffect(() => {
    const isDark = choice.value === 'dark' || (choice.value === 'auto' && isSystemDark.value);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    document.documentElement.style.setProperty('zoom', zoom.value === 100 ? '' : `${zoom.value}%`);
    // Heights in `dvh` do not shrink with the zoom; they are divided by it.
    document.documentElement.style.setProperty('--zoom', String(zoom.value / 100));
  });
}
