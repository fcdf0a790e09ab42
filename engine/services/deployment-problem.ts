import type { Problem } from '#engine/definitions/problem.ts';

/** Problems of a deployment that no single compiler sees. */
export function unknownFormKey(elementId: string, key: string): Problem {
  return {
    elementId,
    code: 'FORM_KEY_UNKNOWN',
    severity: 'error',
    messages: {
      'zh-CN': `节点“${elementId}”引用的表单“${key}”不存在：请先部署该表单，或与流程一起部署 ${key}/schema.json、ui.json、zh-CN.json、en.json。`,
      en: `Expected the form "${key}" of element "${elementId}" to exist, but it does not: deploy ${key}/schema.json, ui.json, zh-CN.json and en.json before the process or together with it.`,
    },
  };
}

/** A form would be missing without anybody noticing: uploads easily lose the folder of a file's name. */
export function strayFormFile(file: string): Problem {
  return {
    elementId: null,
    code: 'FORM_FILE_STRAY',
    severity: 'error',
    messages: {
      'zh-CN': `文件 ${file} 不属于任何表单：文件名应为“<表单键>/schema.json”（或 ui.json、zh-CN.json、en.json），表单键由小写字母、数字和连字符组成。`,
      en: `Expected ${file} to be <form key>/schema.json, ui.json, zh-CN.json or en.json with a form key of lower-case letters, digits and hyphens, but it belongs to no form.`,
    },
  };
}

export function unreadableFormFile(file: string, reason: string): Problem {
  return {
    elementId: null,
    code: 'FORM_FILE_INVALID',
    severity: 'error',
    messages: {
      'zh-CN': `表单文件 ${file} 无法读取：${reason}。每个表单需要 schema.json、ui.json、zh-CN.json、en.json 四个文件。`,
      en: `Expected the form file ${file} to be JSON, but: ${reason}. Each form needs schema.json, ui.json, zh-CN.json and en.json.`,
    },
  };
}
