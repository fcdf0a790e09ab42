export type Locale = 'zh-CN' | 'en';

/** Words of the groups that `forms/register-elder` knows; a district's own tag is shown as it is written. */
const TAGS: Record<string, Record<Locale, string>> = {
  alone: { 'zh-CN': '独居', en: 'Lives alone' },
  empty_nest: { 'zh-CN': '空巢', en: 'Empty nest' },
  disabled: { 'zh-CN': '失能', en: 'Disabled' },
  dementia: { 'zh-CN': '失智', en: 'Dementia' },
  advanced_age: { 'zh-CN': '高龄', en: 'Advanced age' },
  low_income: { 'zh-CN': '低保', en: 'Low income' },
  extreme_poverty: { 'zh-CN': '特困', en: 'Extreme poverty' },
  only_child_lost: { 'zh-CN': '计生特殊', en: 'Lost only child' },
  veteran: { 'zh-CN': '优抚', en: 'Veteran' },
};

export const tagName = (tag: string, locale: Locale): string => TAGS[tag]?.[locale] ?? tag;
