import vueI18n from '@intlify/eslint-plugin-vue-i18n';
import tsParser from '@typescript-eslint/parser';
import vue from 'eslint-plugin-vue';
import a11y from 'eslint-plugin-vuejs-accessibility';
import vueParser from 'vue-eslint-parser';

/** Only for `.vue` files: oxlint reads the rest. Layout of templates is oxfmt's business, not a rule's. */
const LAYOUT_RULES = [
  'vue/html-closing-bracket-newline',
  'vue/html-indent',
  'vue/html-self-closing',
  'vue/max-attributes-per-line',
  'vue/multiline-html-element-content-newline',
  'vue/singleline-html-element-content-newline',
];

export default [
  { ignores: ['node_modules/**', 'console/dist/**', 'data/**'] },
  ...vue.configs['flat/strongly-recommended'],
  ...a11y.configs['flat/recommended'],
  {
    files: ['console/**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tsParser, ecmaVersion: 'latest', sourceType: 'module' } },
    plugins: { '@intlify/vue-i18n': vueI18n },
    settings: { 'vue-i18n': { localeDir: './console/src/i18n/{zh-CN,en}.json', messageSyntaxVersion: '^11.0.0' } },
    rules: {
      ...Object.fromEntries(LAYOUT_RULES.map((rule) => [rule, 'off'])),
      '@intlify/vue-i18n/no-raw-text': ['error', { ignorePattern: '^[-—·…:×＋/#%()\\s\\d]+$' }],
      '@intlify/vue-i18n/no-v-html': 'error',
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/max-lines-per-block': ['error', { script: 300, template: 300, skipBlankLines: true }],
      // Props of `<script setup lang="ts">` are optional by their type.
      'vue/require-default-prop': 'off',
      // One label for a control is enough: by `for` or around it.
      'vuejs-accessibility/label-has-for': [
        'error',
        { controlComponents: ['ElInput', 'ElInputNumber', 'ElSelect'], required: { some: ['nesting', 'id'] } },
      ],
    },
  },
];
