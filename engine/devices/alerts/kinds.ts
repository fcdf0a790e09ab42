/** Alert kinds with their default level and words; a flow or a district may raise any other kind, which gets level 3. */
interface Kind {
  /** 1 紧急 · 2 重要 · 3 一般 · 4 提醒 */
  level: 1 | 2 | 3 | 4;
  'zh-CN': string;
  en: string;
}

const KINDS: Record<string, Kind> = {
  sos: { level: 1, 'zh-CN': '紧急呼叫', en: 'SOS call' },
  fall: { level: 1, 'zh-CN': '疑似跌倒', en: 'Possible fall' },
  smoke: { level: 1, 'zh-CN': '烟雾报警', en: 'Smoke alarm' },
  gas: { level: 1, 'zh-CN': '燃气泄漏', en: 'Gas leak' },
  co: { level: 1, 'zh-CN': '一氧化碳报警', en: 'Carbon monoxide alarm' },
  heart_rate: { level: 1, 'zh-CN': '心率异常', en: 'Abnormal heart rate' },
  breathing_rate: { level: 1, 'zh-CN': '呼吸异常', en: 'Abnormal breathing' },
  spo2: { level: 1, 'zh-CN': '血氧过低', en: 'Low blood oxygen' },
  geofence_exit: { level: 1, 'zh-CN': '离开安全区域', en: 'Left the safe area' },
  no_activity: { level: 2, 'zh-CN': '24小时无活动', en: 'No activity for 24 hours' },
  bed_absence: { level: 2, 'zh-CN': '夜间离床未归', en: 'Long absence from bed at night' },
  door_open: { level: 2, 'zh-CN': '夜间门未关', en: 'Door open at night' },
  water_leak: { level: 2, 'zh-CN': '漏水报警', en: 'Water leak' },
  blood_pressure: { level: 2, 'zh-CN': '血压异常', en: 'Abnormal blood pressure' },
  blood_glucose: { level: 2, 'zh-CN': '血糖异常', en: 'Abnormal blood glucose' },
  body_temperature: { level: 2, 'zh-CN': '体温异常', en: 'Abnormal body temperature' },
  missed_medication: { level: 3, 'zh-CN': '漏服药物', en: 'Missed medication' },
  low_activity: { level: 3, 'zh-CN': '活动量下降', en: 'Falling activity' },
  battery_low: { level: 3, 'zh-CN': '设备电量低', en: 'Device battery low' },
  device_fault: { level: 3, 'zh-CN': '设备故障', en: 'Device fault' },
  device_offline: { level: 4, 'zh-CN': '设备离线', en: 'Device offline' },
  diaper_wet: { level: 4, 'zh-CN': '尿湿提醒', en: 'Diaper wet' },
};

const OTHER: Kind = { level: 3, 'zh-CN': '设备预警', en: 'Device alert' };

/** Level by kind. @see docs of the alert response process; clause 7.3.2.8 智能预警 */
export const defaultLevel = (kind: string): number => (KINDS[kind] ?? OTHER).level;

export const kindName = (kind: string, locale: 'zh-CN' | 'en'): string => (KINDS[kind] ?? OTHER)[locale];

/** Only these may close by the sensor's word; levels 1 and 2 need a person. */
export const mayAutoClose = (level: number): boolean => level >= 3;
