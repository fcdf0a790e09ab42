import type { AreaRow } from '#engine/store/area-store.ts';
import type { ElderContact, ElderData } from '#engine/registers/elders.ts';
import { idNumber, maskIdNumber } from './id-number.ts';
import { createRandom, type Random } from './random.ts';

export interface DemoElder {
  /** e.g. `E120103-0001`. */
  key: string;
  name: string;
  area: string;
  data: ElderData;
}

const SURNAMES = Array.from('王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈');
const GIVEN = {
  female: [
    '桂兰',
    '秀英',
    '玉兰',
    '淑珍',
    '桂英',
    '秀兰',
    '凤英',
    '玉珍',
    '淑华',
    '淑琴',
    '桂芳',
    '素珍',
    '慧敏',
    '淑芬',
    '玉梅',
    '秀珍',
    '惠兰',
    '桂珍',
    '文英',
    '佩兰',
    '月华',
    '瑞芝',
    '金凤',
    '素云',
  ],
  male: [
    '建国',
    '志强',
    '德福',
    '永福',
    '国栋',
    '长顺',
    '振华',
    '文彬',
    '宝山',
    '金生',
    '玉山',
    '福来',
    '荣华',
    '士杰',
    '树林',
    '明德',
    '景春',
    '家齐',
    '兆祥',
    '维忠',
    '连贵',
    '汝霖',
    '世昌',
    '万成',
  ],
};
const CHILD_GIVEN = [
  '伟',
  '芳',
  '敏',
  '静',
  '磊',
  '洋',
  '勇',
  '艳',
  '杰',
  '娟',
  '涛',
  '明',
  '霞',
  '刚',
  '丽',
  '强',
  '宁',
  '鑫',
  '颖',
  '斌',
];
const CARE_NOTES = [
  '高血压，每日服药',
  '糖尿病，忌甜食',
  '听力下降，请大声说话',
  '冠心病，随身带药',
  '膝关节置换，上下楼需搀扶',
  '备用钥匙在社区居委会',
  '青霉素过敏',
  '视力不好，夜间易跌倒',
];

/** Fictitious elders, the same at every start: two thirds in the first street, the others over the whole district. */
export function demoElders(areas: AreaRow[], count: number, homeStreet: string, seed: number): DemoElder[] {
  const random = createRandom(seed);
  const district = areas.find((area) => area.level === 1)!;
  const communities = areas.filter((area) => area.level === 3);
  const home = communities.filter((area) => area.path.includes(`/${homeStreet}/`));
  return Array.from({ length: count }, (_, index) => {
    const place = random.chance(0.65) ? random.pick(home) : random.pick(communities);
    return demoElder(
      random,
      index,
      district,
      place,
      areas.find((area) => area.code === place.parent)!,
    );
  });
}

function demoElder(random: Random, index: number, district: AreaRow, community: AreaRow, street: AreaRow): DemoElder {
  const sex = random.chance(0.57) ? 'female' : 'male';
  const surname = random.pick(SURNAMES);
  const age = 60 + Math.min(random.integer(0, 22) + random.integer(0, 18), 42);
  const birthDate = `${2026 - age}-${two(random.integer(1, 11))}-${two(random.integer(1, 28))}`;
  const abilityLevel = abilityAt(random, age);
  const livesWith = random.chance(age >= 80 ? 0.3 : 0.18) ? 'alone' : random.pick(['spouse', 'spouse', 'children', 'carer'] as const);
  const building = `${random.integer(1, 30)}号楼${random.integer(1, 5)}门${random.integer(1, 6)}0${random.integer(1, 4)}`;
  const data: ElderData = {
    sex,
    birthDate,
    idNumber: maskIdNumber(idNumber(district.code, birthDate, '000')),
    phone: demoPhone(index, 0),
    address: `天津市${district.name}${street.name}${community.name.replace(/社区$/, '')}${building}`,
    livesWith,
    abilityLevel,
    tags: tagsOf(random, { age, livesWith, abilityLevel }),
    contacts: contactsOf(random, index, surname, sex),
    notes: notesOf(random),
  };
  return {
    key: `E${district.code}-${String(index + 1).padStart(4, '0')}`,
    name: surname + random.pick(GIVEN[sex]),
    area: community.path,
    data,
  };
}

const two = (number: number): string => String(number).padStart(2, '0');

/** Mobile numbers of a block that we keep for the demo. */
const demoPhone = (index: number, line: number): string => `199000${String(line)}${String(index + 1).padStart(4, '0')}`;

function abilityAt(random: Random, age: number): number {
  const frail = Math.max(0, (age - 68) / 40);
  if (!random.chance(frail)) return random.chance(0.2) ? 1 : 0;
  return random.pick([1, 1, 2, 2, 3, 4]);
}

function tagsOf(random: Random, { age, livesWith, abilityLevel }: { age: number; livesWith: string; abilityLevel: number }): string[] {
  const tags: string[] = [];
  if (livesWith === 'alone') tags.push('alone');
  if (livesWith === 'spouse' && random.chance(0.5)) tags.push('empty_nest');
  if (abilityLevel >= 3) tags.push('disabled');
  if (abilityLevel >= 2 && random.chance(0.25)) tags.push('dementia');
  if (age >= 80) tags.push('advanced_age');
  if (random.chance(0.06)) tags.push('low_income');
  if (random.chance(0.02)) tags.push('only_child_lost');
  return tags;
}

function notesOf(random: Random): { text: string }[] {
  const notes = new Set(Array.from({ length: random.integer(0, 2) }, () => random.pick(CARE_NOTES)));
  return [...notes].map((text) => ({ text }));
}

function contactsOf(random: Random, index: number, surname: string, sex: 'male' | 'female'): ElderContact[] {
  const relations = random.chance(0.5) ? ['儿子', '女儿'] : ['女儿', '儿子', '邻居'];
  return relations.slice(0, random.integer(1, relations.length)).map((relation, line) => {
    // Children bear the father's name; a neighbour any.
    const family = relation === '邻居' || sex === 'female' ? random.pick(SURNAMES) : surname;
    return { name: family + random.pick(CHILD_GIVEN), relation, phone: demoPhone(index, line + 1) };
  });
}
