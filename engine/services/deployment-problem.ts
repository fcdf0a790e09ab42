import type { Problem } from '#engine/definitions/problem.ts';

/** Problems of a deployment that no single compiler sees. */
export function unknownFormKey(elementId: string, key: string): Problem {
  return {
    elementId,
    code: 'FORM_KEY_UNKNOWN',
    messages: {
      'zh-CN': `节点“${elementId}”引用的表单“${key}”不存在：请先部署该表单，或与流程一起部署 ${key}/schema.json、ui.json、zh-CN.json、en.json。`,
      en: `Expected the form "${key}" of element "${elementId}" to exist, but it does not: deploy ${key}/schema.json, ui.json, zh-CN.json and en.json before the process or together with it.`,
    },
  };
}

export function unreadableFormFile(file: string, reason: string): Problem {
  return {
    elementId: null,
    code: 'FORM_FILE_INVALID',
    messages: {
      'zh-CN': `表单文件 ${file} 无法读取：${reason}。每个表单需要 schema.json、ui.json、zh-CN.json、en.json 四个文件。`,
      en: `Expected the form file ${file} to be JSON, but: ${reason}. Each form needs schema.json, ui.json, zh-CN.json and en.json.`,
    },
  };
}
