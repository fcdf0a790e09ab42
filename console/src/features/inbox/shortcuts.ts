import { onBeforeUnmount, onMounted } from 'vue';

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="listbox"]';

/** Single-key commands that stay silent while somebody types, holds a modifier or has a dialog open. */
export function useShortcuts(commands: Record<string, () => void>): void {
  function handleKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target as HTMLElement | null;
    if (target?.closest(TYPING) || document.querySelector('[role="dialog"][aria-modal="true"]')) return;
    const command = commands[event.key];
    if (!command) return;
    event.preventDefault();
    command();
  }
  onMounted(() => window.addEventListener('keydown', handleKey));
  onBeforeUnmount(() => window.removeEventListener('keydown', handleKey));
}
