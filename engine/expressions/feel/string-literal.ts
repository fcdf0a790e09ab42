const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', r: '\r', t: '\t', "'": "'" };

/** The text of a FEEL string literal; a back-slash before other characters stays, so that patterns need no second one. */
export const readText = (literal: string): string =>
  literal
    .slice(1, -1)
    .replaceAll(/\\(?:(["\\nrt'])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6}))/g, (whole: string, sign?: string, unit?: string, point?: string) => {
      if (sign !== undefined) return escapes[sign] as string;
      if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
      const code = Number.parseInt(point as string, 16);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    });
