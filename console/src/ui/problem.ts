import { useI18n } from 'vue-i18n';
import { ApiError, problemKind, type ProblemKind } from '../api/problem.ts';

const KEYS: Record<ProblemKind, string> = {
  network: 'problem.network',
  signedOut: 'problem.signedOut',
  forbidden: 'problem.forbidden',
  notFound: 'problem.notFound',
  conflict: 'problem.conflict',
  invalid: 'problem.invalid',
  tooMany: 'problem.tooMany',
  server: 'problem.server',
};

/** Turns anything thrown into a sentence a clerk can act on. */
export function useProblem() {
  const { t } = useI18n();
  return {
    text: (error: unknown): string => t(KEYS[problemKind(error)]),
    /** The server's own words, for refusals that only it can explain. */
    detail: (error: unknown): string | null =>
      error instanceof ApiError && error.status >= 400 && error.status < 500 ? error.detail : null,
  };
}
