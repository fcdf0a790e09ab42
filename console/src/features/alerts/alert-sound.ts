import { readonly, ref } from 'vue';
import type { Level } from '../../api/tasks.ts';

/** Beeps of a level: frequency in Hz, start and length in s, and after how many ms the pattern comes again (null = once). */
interface Pattern {
  notes: readonly { hz: number; at: number; length: number }[];
  againAfterMs: number | null;
}

const PATTERNS: Record<Level, Pattern> = {
  1: {
    notes: [0, 0.22, 0.44].flatMap((at) => [
      { hz: 988, at, length: 0.1 },
      { hz: 740, at: at + 0.1, length: 0.1 },
    ]),
    againAfterMs: 3_000,
  },
  2: { notes: [0, 0.3].map((at) => ({ hz: 784, at, length: 0.18 })), againAfterMs: 8_000 },
  3: { notes: [{ hz: 659, at: 0, length: 0.25 }], againAfterMs: null },
  4: { notes: [{ hz: 523, at: 0, length: 0.15 }], againAfterMs: null },
};

const wanted = ref(localStorage.getItem('songbai.sound') !== 'off');
const ready = ref(false);
let context: AudioContext | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let ringing: Level | null = null;

/** The user's wish. */
export const isSoundOn = readonly(wanted);
/** The browser lets us sound: it does so only after a gesture on the page. */
export const isSoundReady = readonly(ready);

async function unlock(): Promise<void> {
  context ??= new AudioContext();
  // Without a gesture the promise never settles; then the hint stays and the next gesture tries again.
  await context.resume().catch(() => undefined);
  ready.value = context.state === 'running';
}

/** Any gesture on the page unlocks the sound, when it is wanted at all. */
export function watchGestures(): void {
  const tryUnlock = (): void => {
    if (wanted.value && !ready.value) void unlock();
  };
  window.addEventListener('pointerdown', tryUnlock);
  window.addEventListener('keydown', tryUnlock);
  if (wanted.value && navigator.userActivation?.hasBeenActive) void unlock();
}

/** Switches the sound; called from a click, so that the browser allows it. */
export async function switchSound(isOn: boolean): Promise<void> {
  wanted.value = isOn;
  localStorage.setItem('songbai.sound', isOn ? 'on' : 'off');
  if (!isOn) {
    silence();
    return;
  }
  await unlock();
  play(4);
}

function play(level: Level): void {
  if (!wanted.value || context === null || context.state !== 'running') return;
  const start = context.currentTime;
  for (const note of PATTERNS[level].notes) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = note.hz;
    // Soft edges: a square start and end click in the speaker.
    gain.gain.setValueAtTime(0, start + note.at);
    gain.gain.linearRampToValueAtTime(0.35, start + note.at + 0.015);
    gain.gain.linearRampToValueAtTime(0, start + note.at + note.length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start + note.at);
    oscillator.stop(start + note.at + note.length);
  }
}

/** Sounds the pattern of the most urgent audible alert and repeats it; null ends it. */
export function ring(level: Level | null): void {
  if (level === ringing) return;
  clearTimeout(timer);
  ringing = level;
  if (level !== null) repeat(level);
}

function repeat(level: Level): void {
  play(level);
  const { againAfterMs } = PATTERNS[level];
  if (againAfterMs !== null) timer = setTimeout(() => repeat(level), againAfterMs);
}

function silence(): void {
  window.speechSynthesis?.cancel();
}

/** Reads a sentence aloud in its language; urgent ones push aside what is being read. */
export function speak(text: string, language: string, isUrgent: boolean): void {
  if (!wanted.value || !ready.value || !('speechSynthesis' in window)) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language;
  utterance.rate = 1.05;
  if (isUrgent) window.speechSynthesis.cancel();
  window.speechSynthesis.speak(utterance);
}
