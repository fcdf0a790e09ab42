/** Every reason to refuse a model (warnings: warning-texts.ts): [Simplified Chinese, English]. Each sentence names the element and says what to do. */
export const problemTexts = {
  // the file
  XML_DOCTYPE: [
    '文件包含 DOCTYPE 或 ENTITY 声明，出于安全原因不接受；请删除该声明。',
    'The file declares a DOCTYPE or an ENTITY, which is refused for safety; remove the declaration.',
  ],
  XML_TOO_LARGE: [
    '文件超过 {limit} 字节的上限；请把流程拆分为子流程。',
    'The file is larger than {limit} bytes; split the process into called processes.',
  ],
  XML_TOO_MANY_ELEMENTS: [
    '文件中的 XML 元素超过 {limit} 个；请把流程拆分为子流程。',
    'The file has more than {limit} XML elements; split the process into called processes.',
  ],
  XML_TOO_MANY_ATTRIBUTES: [
    '文件中的 XML 属性超过 {limit} 个；请删除不用的属性，或把流程拆分为子流程。',
    'The file has more than {limit} XML attributes; remove those not in use, or split the process into called processes.',
  ],
  XML_TOO_DEEP: [
    'XML 嵌套超过 {limit} 层；请减少子流程的嵌套。',
    'The XML is nested deeper than {limit} levels; use fewer nested sub-processes.',
  ],
  XML_TOO_MANY_NAMESPACES: [
    '命名空间声明超过 {limit} 个；请删除不用的声明。',
    'The file declares more than {limit} namespaces; remove those not in use.',
  ],
  XML_MALFORMED: ['文件不是有效的 XML 或 BPMN/DMN：{message}', 'The file is not valid XML or BPMN/DMN: {message}'],
  XML_ENCODING: [
    '文件声明的编码不是 UTF-8（{message}）；请另存为 UTF-8。',
    'The file declares another encoding than UTF-8 ({message}); save it as UTF-8.',
  ],
  XML_NOT_UNDERSTOOD: ['文件中有无法识别的内容：{message}', 'The file has content that is not understood: {message}'],
  COMPILE_TIMEOUT: ['在 {limit} 毫秒内未能完成编译；请简化模型。', 'The model could not be compiled within {limit} ms; make it simpler.'],
  UNRESOLVED_REFERENCE: [
    '“{element}” 的 {property} 指向不存在的 “{target}”；请重新选择。',
    '"{element}" refers by {property} to "{target}", which does not exist; choose it again.',
  ],
  DUPLICATE_ID: [
    '标识 “{element}” 使用了多次；每个元素的标识必须唯一。',
    'The id "{element}" is used more than once; give each element an id of its own.',
  ],
  MISSING_ID: ['有一个 {type} 没有标识；请为它填写 id。', 'A {type} has no id; give it one.'],
  NO_EXECUTABLE_PROCESS: [
    '文件中没有可执行的流程；请勾选流程的“可执行”。',
    'The file has no executable process; set "executable" on the process.',
  ],
  NO_DECISION: ['文件中没有决策；请添加决策表或文字表达式。', 'The file has no decision; add a decision table or a literal expression.'],

  // elements
  UNSUPPORTED_ELEMENT: [
    '“{element}” 的类型 {type} 尚不支持；请改用受支持的元素。',
    '"{element}" is a {type}, which is not supported; use a supported element instead.',
  ],
  UNSUPPORTED_EVENT: [
    '“{element}” 在此位置不能使用 {type}；请改用 {allowed}。',
    '"{element}" cannot have a {type} here; use {allowed} instead.',
  ],
  PARALLEL_MULTIPLE: [
    '“{element}” 要等所有事件都发生（并行多重），此处不支持；请去掉“并行”，或用并行网关分别等待。',
    '"{element}" waits for all of its events (parallel multiple), which is not possible here; make it a multiple event, or wait for each behind a parallel gateway.',
  ],
  MULTIPLE_IMPLEMENTATION: [
    '多重事件 “{element}” 中的消息不能有自己的实现方式；请为它单独设一个事件。',
    'A message of the multiple event "{element}" cannot have an implementation; give it an event of its own.',
  ],
  UNSUPPORTED_ATTRIBUTE: [
    '“{element}” 使用了不支持的设置 {name}；请删除。',
    '"{element}" uses the setting {name}, which is not supported; remove it.',
  ],
  JAVA_DELEGATE: [
    '“{element}” 引用了 Java 代码（{name}）；请改用外部任务（type="external"）或插件。',
    '"{element}" refers to Java code ({name}); use an external task (type="external") or a plugin.',
  ],
  CONNECTOR: [
    '“{element}” 使用了 Camunda 连接器；请改用外部任务或插件。',
    '"{element}" uses a Camunda connector; use an external task or a plugin.',
  ],
  LISTENER_JAVA: [
    '“{element}” 的监听器引用了 Java 代码（{name}）；请改用 camunda:expression 或 camunda:script，或改为外部任务。',
    'A listener of "{element}" refers to Java code ({name}); use camunda:expression or camunda:script, or an external task.',
  ],
  LISTENER_EVENT: [
    '“{element}” 的监听器的事件 “{event}” 不适用；可用：{allowed}。',
    'A listener of "{element}" has the event "{event}"; allowed here: {allowed}.',
  ],
  FORM_DATA: [
    '“{element}” 的内嵌表单字段 “{field}” 无法转换（{reason}）；请修改，或在 forms/ 中建立表单并填写 formKey。',
    'The form field "{field}" of "{element}" cannot be taken over ({reason}); change it, or create a form under forms/ and set its formKey.',
  ],
  IMPLEMENTATION_MISSING: [
    '“{element}” 没有实现方式；请选择外部任务、表达式或插件。',
    '"{element}" has no implementation; choose external task, expression or plugin.',
  ],
  PLUGIN_UNKNOWN: [
    '“{element}” 使用的插件 “{name}” 没有启用（已启用：{active}）；请改正名称，或在 SONGBAI_PLUGINS 中启用它。',
    '"{element}" uses the plugin "{name}", which is not active (active: {active}); correct the name, or add it to SONGBAI_PLUGINS.',
  ],
  PLUGIN_OPTIONS_INVALID: [
    '“{element}” 的插件选项有误：{message}；songbai:options 应为符合该插件选项定义的 JSON 对象。',
    'The plugin options of "{element}" are wrong: {message}; songbai:options is a JSON object that fits the plugin\'s options.',
  ],
  TOPIC_MISSING: ['外部任务 “{element}” 没有主题；请填写 topic。', 'The external task "{element}" has no topic; fill it in.'],
  CALLED_ELEMENT_MISSING: [
    '调用活动 “{element}” 没有填写被调用的流程。',
    'The call activity "{element}" names no process to call; fill in calledElement.',
  ],
  BINDING_INVALID: [
    '“{element}” 的绑定方式 {name} 缺少版本或不受支持；请填写。',
    '"{element}" has the binding {name} without its version, or an unknown one; correct it.',
  ],
  MAPPING_INVALID: [
    '“{element}” 的变量映射不完整；请填写来源和目标名称。',
    '"{element}" has an incomplete variable mapping; fill in its source and its target name.',
  ],
  MESSAGE_MISSING: ['“{element}” 没有选择消息；请选择或新建带名称的消息。', '"{element}" names no message; choose one that has a name.'],
  SIGNAL_MISSING: ['“{element}” 没有选择信号；请选择或新建带名称的信号。', '"{element}" names no signal; choose one that has a name.'],
  ESCALATION_MISSING: ['“{element}” 没有选择升级代码；请选择或新建升级。', '"{element}" names no escalation code; choose an escalation that has one.'],
  CATCH_AMBIGUOUS: [
    '“{element}” 与 “{other}” 在同一处等待同样的 {what}，只有一个能收到；请删除其中一个。',
    '"{element}" and "{other}" wait at the same place for the same {what}, which only one could get; remove one of them.',
  ],
  START_NAME_EXPRESSION: [
    '开始事件 “{element}” 的消息或信号名称不能用表达式：还没有流程实例可供计算；请填写文字。',
    'The message or signal name of the start event "{element}" is an expression, but there is no instance yet to evaluate it; write a plain name.',
  ],
  CONDITIONAL_MISSING: ['条件事件 “{element}” 没有条件；请填写。', 'The conditional event "{element}" has no condition; fill it in.'],
  VARIABLE_EVENT_UNKNOWN: [
    '“{element}” 的变量事件 “{value}” 无效；请填写 create、update、delete，用逗号分隔。',
    '"{element}" has the variable event "{value}"; write create, update or delete, separated by commas.',
  ],
  ERROR_MISSING: ['“{element}” 没有选择错误代码；请选择或新建错误。', '"{element}" names no error code; choose an error.'],
  PRIORITY_INVALID: [
    '“{element}” 的优先级 “{value}” 无效；请填写整数或表达式。',
    'The priority "{value}" of "{element}" is no whole number; write one, or an expression.',
  ],
  TIME_TO_LIVE_INVALID: [
    '流程 “{element}” 的历史保留时间 “{value}” 无效；请填写天数，例如 180 或 P180D。',
    'The time to live "{value}" of "{element}" is not valid; write days, for example 180 or P180D.',
  ],
  HISTORY_LEVEL_INVALID: [
    '流程 “{element}” 的历史级别 “{value}” 无效；请填写 none、activity、audit 或 full。',
    'The history level "{value}" of "{element}" is not valid; write none, activity, audit or full.',
  ],
  FORM_AMBIGUOUS: [
    '“{element}” 同时填写了 formKey 和 formRef；请只保留一个。',
    '"{element}" has both a form key and a form reference; keep one.',
  ],
  TIMER_MISSING: [
    '定时事件 “{element}” 没有时间；请填写日期、时长或周期中的一项。',
    'The timer of "{element}" has no time; fill in a date, a duration or a cycle.',
  ],
  TIMER_INVALID: [
    '“{element}” 的时间 “{value}” 无效；例如时长 PT30M、日期 2026-01-31T08:00:00+08:00、周期 R3/PT10M。',
    '"{element}" has the time "{value}", which is not valid; write for example PT30M, 2026-01-31T08:00:00+08:00 or R3/PT10M.',
  ],
  SCRIPT_LANGUAGE: [
    '“{element}” 的脚本语言 “{name}” 不受支持；请使用 javascript、juel 或 feel。',
    'The script language "{name}" of "{element}" is not supported; use javascript, juel or feel.',
  ],
  SCRIPT_MISSING: [
    '“{element}” 没有脚本内容；请填写（不支持外部脚本文件）。',
    '"{element}" has no script; write it inline (script files are not supported).',
  ],
  LOOP_INCOMPLETE: [
    '“{element}” 的循环没有条件也没有最大次数，永远不会结束；请至少填写一项。',
    'The loop of "{element}" has neither a condition nor a maximum and would never end; fill in one.',
  ],
  LOOP_MAXIMUM_INVALID: [
    '“{element}” 的最大循环次数 “{value}” 无效；请填写正整数。',
    'The loop maximum "{value}" of "{element}" is not a positive integer; write one.',
  ],
  LOOP_OUTPUT_INCOMPLETE: [
    '多实例 “{element}” 的输出需要同时填写集合变量和元素；请补充另一项。',
    'The output of the multi-instance "{element}" needs both a collection and an element; fill in the other one.',
  ],
  AD_HOC_ELEMENT_UNKNOWN: [
    '自由子流程 “{element}” 的起始元素 “{target}” 不在其中，或有连线指向它；请更正。',
    'The active element "{target}" of the ad-hoc sub-process "{element}" is not inside it, or a flow leads to it; correct it.',
  ],
  MULTI_INSTANCE_INCOMPLETE: [
    '多实例 “{element}” 没有次数也没有集合；请填写其中一项。',
    'The multi-instance "{element}" has neither a cardinality nor a collection; fill in one.',
  ],
  RETRY_CYCLE_INVALID: [
    '“{element}” 的重试周期 “{value}” 无效；请写作 R5/PT5M 或 PT1M,PT5M。',
    'The retry cycle "{value}" of "{element}" is not valid; write R5/PT5M or PT1M,PT5M.',
  ],
  EXPRESSION_INVALID: ['“{element}” 的表达式 “{source}” 有误：{message}', 'The expression "{source}" of "{element}" is wrong: {message}'],
  PATTERN_UNBOUNDED: [
    '表达式 “{source}” 中 {name} 的匹配模式必须是文字常量且不含回溯引用。',
    'In the expression "{source}" the pattern of {name} must be a literal without back references.',
  ],
  RANGE_UNBOUNDED: [
    '表达式 “{source}” 的范围过大，运行时会被中止；请缩短到 {limit} 项以内。',
    'The range in the expression "{source}" is so long that its evaluation would be stopped; keep it within {limit} items.',
  ],
  EXPRESSION_TOO_DEEP: [
    '表达式 “{source}” 的括号嵌套超过 {limit} 层；请拆分为多步。',
    'The expression "{source}" is nested deeper than {limit} levels; split it into several steps.',
  ],
  EXPRESSION_TOO_LONG: [
    '表达式超过 {limit} 个字符；请拆分为多步。',
    'The expression is longer than {limit} characters; split it into several steps.',
  ],
  FIELD_ACCESS_INVALID: [
    '“{element}” 的字段 “{name}” 的权限 “{value}” 无效；请用 hidden、readonly、editable 或 required。',
    'The field "{name}" of "{element}" has the access "{value}"; use hidden, readonly, editable or required.',
  ],

  // structure
  START_EVENT_MISSING: ['“{element}” 没有开始事件；请添加一个。', '"{element}" has no start event; add one.'],
  START_EVENT_AMBIGUOUS: [
    '“{element}” 有多个无触发条件的开始事件；请只保留一个。',
    '"{element}" has several start events without a trigger; keep one.',
  ],
  EVENT_SUB_PROCESS_START: [
    '事件子流程 “{element}” 必须恰好有一个带触发条件的开始事件。',
    'The event sub-process "{element}" needs exactly one start event with a trigger.',
  ],
  SUB_PROCESS_START: [
    '子流程 “{element}” 的开始事件不能带触发条件；请改为无触发开始事件。',
    'The start event of the sub-process "{element}" cannot have a trigger; make it a plain start event.',
  ],
  FLOW_DANGLING: [
    '连线 “{element}” 没有起点或终点；请重新连接。',
    'The sequence flow "{element}" lacks its source or target; connect it again.',
  ],
  FLOW_CROSSES_SCOPE: [
    '连线 “{element}” 跨越了子流程的边界；请在同一层内连接。',
    'The sequence flow "{element}" crosses the border of a sub-process; connect elements of the same level.',
  ],
  FLOW_INTO_START: [
    '开始事件 “{element}” 不能有进入的连线；请删除。',
    'The start event "{element}" cannot have incoming flows; remove them.',
  ],
  FLOW_OUT_OF_END: [
    '结束事件 “{element}” 不能有离开的连线；请删除。',
    'The end event "{element}" cannot have outgoing flows; remove them.',
  ],
  FLOW_INTO_BOUNDARY: [
    '边界事件 “{element}” 不能有进入的连线；请删除。',
    'The boundary event "{element}" cannot have incoming flows; remove them.',
  ],
  FLOW_AT_EVENT_SUB_PROCESS: [
    '事件子流程 “{element}” 不能有连线；请删除。',
    'The event sub-process "{element}" cannot have sequence flows; remove them.',
  ],
  GATEWAY_WITHOUT_FLOW: ['网关 “{element}” 没有离开的连线；请添加。', 'The gateway "{element}" has no outgoing flow; add one.'],
  CONDITION_MISSING: [
    '网关 “{element}” 的连线 “{flow}” 没有条件也不是默认连线；请填写条件。',
    'The flow "{flow}" of the gateway "{element}" has no condition and is not the default; give it a condition.',
  ],
  CONDITION_ON_DEFAULT: [
    '默认连线 “{element}” 不能有条件；请删除条件。',
    'The default flow "{element}" cannot have a condition; remove the condition.',
  ],
  CONDITION_NOT_ALLOWED: [
    '连线 “{element}” 离开的是并行或事件网关，不能有条件；请删除条件。',
    'The flow "{element}" leaves a parallel or event-based gateway and cannot have a condition; remove it.',
  ],
  DEFAULT_FLOW_INVALID: [
    '“{element}” 的默认连线不是它自己的离开连线；请重新选择。',
    'The default flow of "{element}" does not leave it; choose another one.',
  ],
  BOUNDARY_NOT_ATTACHED: [
    '边界事件 “{element}” 没有附着到活动上；请拖到活动的边上。',
    'The boundary event "{element}" is not attached to an activity; drag it onto one.',
  ],
  ERROR_NON_INTERRUPTING: ['错误事件 “{element}” 必须是中断型。', 'The error event "{element}" must be interrupting.'],
  EVENT_GATEWAY_TARGET: [
    '事件网关 “{element}” 只能连接到消息、信号、定时或条件的中间捕获事件或接收任务，而不是 “{target}”。',
    'The event-based gateway "{element}" may only lead to message, signal, timer or conditional catch events and receive tasks, not to "{target}".',
  ],
  EVENT_GATEWAY_SHARED_TARGET: [
    '“{element}” 跟在事件网关之后，只能有一条进入的连线。',
    '"{element}" follows an event-based gateway and can have one incoming flow only.',
  ],
  EVENT_POSITION: [
    'BPMN 不允许 “{element}” 在此位置使用 {type}；请改用 {allowed}。',
    'BPMN does not allow "{element}" a {type} here; use {allowed} instead.',
  ],
  CANCEL_OUTSIDE_TRANSACTION: [
    '取消事件 “{element}” 只能用于事务子流程；请改用其他事件或事务。',
    'The cancel event "{element}" belongs in or on a transaction; use another event, or a transaction.',
  ],
  LINK_TARGET_MISSING: [
    '链接抛出事件 “{element}” 在同一层没有对应的链接捕获事件；请添加同名的捕获事件。',
    'The link throw event "{element}" has no link catch event on its level; add one of the same name.',
  ],
  LINK_FLOW_OUT: [
    '链接抛出事件 “{element}” 不能有离开的连线；请删除。',
    'The link throw event "{element}" cannot have outgoing flows; remove them.',
  ],
  INSTANTIATE_INCOMING: [
    '“{element}” 会启动流程，不能有进入的连线；请删除。',
    '"{element}" starts the process and so cannot have incoming flows; remove them.',
  ],
  INSTANTIATE_LEVEL: [
    '“{element}” 会启动流程，只能放在流程的最外层；请移出子流程。',
    '"{element}" starts the process and so belongs on its outermost level; move it out of the sub-process.',
  ],
  INSTANTIATE_TARGET: [
    '启动流程的事件网关 “{element}” 只能连接到消息捕获事件、接收任务或（非 Parallel 时）信号捕获事件，而不是 “{target}”。',
    'The event-based gateway "{element}" starts the process and may only lead to message catch events, receive tasks and, unless Parallel, signal catch events, not to "{target}".',
  ],
  EVENT_GATEWAY_PARALLEL: [
    '事件网关 “{element}” 的类型 Parallel 只能用于启动流程；请设置 instantiate 或改为 Exclusive。',
    'The event-based gateway "{element}" is Parallel, which is for starting the process only; set instantiate, or make it Exclusive.',
  ],
  ACTIVATION_CONDITION_MISSING: [
    '复杂网关 “{element}” 有多条进入的连线但没有激活条件；请填写，例如 ${activationCount >= 2}。',
    'The complex gateway "{element}" joins flows without an activation condition; give it one, for example ${activationCount >= 2}.',
  ],
  LINK_AMBIGUOUS: [
    '链接 “{name}” 在同一层有多个捕获事件；“{element}” 只能指向一个，请改名。',
    'There are several link catch events "{name}" on this level; "{element}" can lead to one only, rename the others.',
  ],
  EVENT_GATEWAY_BOUNDARY: [
    '接收任务 “{element}” 跟在事件网关之后，不能有边界事件；请删除。',
    'The receive task "{element}" follows an event-based gateway and cannot have boundary events; remove them.',
  ],
  COMPENSATION_FLOW: [
    '补偿边界事件 “{element}” 不能有连线；请用关联连接补偿活动。',
    'The compensation boundary event "{element}" cannot have sequence flows; connect its handler by an association.',
  ],
  COMPENSATION_HANDLER_MISSING: [
    '补偿边界事件 “{element}” 关联到的不是同一层、标记为补偿的活动；请更正。',
    'The compensation boundary event "{element}" is associated with something else than an activity for compensation on its level; correct it.',
  ],
  COMPENSATION_HANDLER_FLOW: [
    '补偿活动 “{element}” 不能有进入或离开的连线；请只用关联连接到补偿边界事件。',
    'The compensation activity "{element}" cannot have sequence flows; only the association with its boundary event leads to it.',
  ],
  COMPENSATION_AMBIGUOUS: [
    '“{activity}” 只能有一种补偿方式，“{element}” 多余；请删除其中一个。',
    '"{activity}" can be undone in one way only, so "{element}" is one too many; remove one of them.',
  ],
  COMPENSATION_OF_PROCESS: [
    '补偿事件子流程 “{element}” 不能放在流程的最外层；请放入要补偿的子流程。',
    'The compensation event sub-process "{element}" cannot stand on the outermost level; put it into the sub-process that it undoes.',
  ],
  COMPENSATION_ACTIVITY: [
    '“{element}” 无法补偿 “{activity}”：它不是同一层的活动；请选择同一层（或事件子流程外一层）的活动。',
    '"{element}" cannot compensate "{activity}", which is no activity of its level; choose one of its level, or of the level around its event sub-process.',
  ],
  CANCEL_BOUNDARY_MISSING: [
    '取消结束事件 “{element}” 所在的事务 “{transaction}” 没有取消边界事件；请添加。',
    'The cancel end event "{element}" ends the transaction "{transaction}", which has no cancel boundary event; add one.',
  ],
  CANCEL_AMBIGUOUS: [
    '事务只能有一个取消边界事件，“{element}” 多余；请删除。',
    'A transaction can have one cancel boundary event only, so "{element}" is one too many; remove it.',
  ],
  AD_HOC_EMPTY: ['自由子流程 “{element}” 没有活动；请添加。', 'The ad-hoc sub-process "{element}" has no activity; add one.'],
  AD_HOC_EVENT: [
    '自由子流程 “{element}” 不能有开始或结束事件；请删除。',
    'The ad-hoc sub-process "{element}" cannot have start or end events; remove them.',
  ],

  // decisions
  HIT_POLICY_UNSUPPORTED: [
    '决策表 “{element}” 的命中策略 {name} 不受支持；请使用 U、F、A、R、C、P 或 O。',
    'The hit policy {name} of "{element}" is not supported; use U, F, A, R, C, P or O.',
  ],
  DECISION_LOGIC_UNSUPPORTED: [
    '决策 “{element}” 缺少逻辑，或逻辑类型不受支持；请使用决策表、文字表达式或其他 DMN 框式表达式。',
    'The decision "{element}" has no logic, or one that is not supported; use a decision table, a literal expression or another boxed expression of DMN.',
  ],
  DECISION_TYPE_UNSUPPORTED: [
    '“{element}” 的类型 {name} 没有定义；请使用 FEEL 的类型（如 string、number、date）、integer、long、double，或在文件中定义它。',
    'The type {name} of "{element}" is not defined; use a type of FEEL (string, number, date …), integer, long or double, or define it in the file.',
  ],
  DECISION_RULE_INCOMPLETE: [
    '规则 “{element}” 的单元格数与表头不符；请补全。',
    'The rule "{element}" has not as many cells as the table has columns; complete it.',
  ],
  DECISION_OUTPUT_UNNAMED: [
    '决策表 “{element}” 有多个输出，但有的没有名称；请填写。',
    'The decision table "{element}" has several outputs and one has no name; fill it in.',
  ],
  DECISION_CYCLE: ['决策 “{element}” 直接或间接依赖自己；请去掉循环。', 'The decision "{element}" requires itself; break the circle.'],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type ProblemCode = keyof typeof problemTexts;
