/**
 * What a model is deployed with all the same: [Simplified Chinese, English]. Camunda 7 runs such models; docs/bpmn-checks.md
 * says which rule of BPMN stands behind each. Each sentence names the element and says what to do.
 */
export const warningTexts = {
  // files
  PROBLEMS_LEFT_OUT: ['还有 {count} 个问题未列出；请先处理列出的问题。', '{count} more problems are not listed; deal with these first.'],
  IMPORT_MISSING: [
    '导入的文件 “{location}” 不在本次部署中；请一起部署或删除该导入。',
    'The imported file "{location}" is not in this deployment; deploy it too, or remove the import.',
  ],
  IMPORT_ID_CLASH: [
    '导入的文件 “{location}” 与另一文件使用同一命名空间和相同的标识；请改用不同的命名空间。',
    'The imported file "{location}" shares its namespace, and so its ids, with another file; give each file a namespace of its own.',
  ],
  DRAWING_REFERENCE: [
    '图形 “{element}” 指向不存在的 “{target}”；请删除该图形。',
    'The drawing "{element}" shows "{target}", which does not exist; remove the shape.',
  ],
  REFERENCE_UNUSED: [
    '“{element}” 的 {property} 指向不存在的 “{target}”；引擎不使用它，请更正或删除。',
    '"{element}" refers by {property} to "{target}", which does not exist; the engine does not use it, correct or remove it.',
  ],
  ATTRIBUTE_UNKNOWN: [
    '“{element}” 有 Camunda 7 不认识的属性 {name}，不起作用；请检查拼写或删除。',
    '"{element}" has the attribute {name}, which Camunda 7 does not know and which has no effect; check its spelling, or remove it.',
  ],

  // flows
  FLOW_LIST_WRONG: [
    '“{element}” 的 incoming/outgoing 列表与连线 “{flow}” 不一致；请在建模工具中重新连接并保存。',
    'The incoming and outgoing lists of "{element}" do not match the flow "{flow}"; connect it again in the modeller.',
  ],
  FLOW_NOT_IMMEDIATE: [
    '连线 “{element}” 设置了 isImmediate="false"，引擎会立即通过；请删除该设置。',
    'The flow "{element}" has isImmediate="false", but the engine takes it at once; remove the setting.',
  ],
  CONDITION_ALONE: [
    '“{element}” 只有一条离开的连线且带条件；条件不成立时流程会出错，请删除条件或增加连线。',
    'The only flow out of "{element}" has a condition: when it is false the process fails; remove it or add another flow.',
  ],
  CONDITION_LEFT_OUT: [
    '“{element}” 的连线 “{flow}” 没有条件，按顺序轮到它时总会选择它；请把它设为默认连线或补上条件。',
    'The flow "{flow}" of "{element}" has no condition and is taken whenever its turn comes; make it the default flow, or give it a condition.',
  ],
  DEFAULT_FLOW_MISSING: [
    '网关 “{element}” 没有默认连线；所有条件都不成立时流程会出错，请设置默认连线。',
    'The gateway "{element}" has no default flow: when no condition holds the process fails; set one.',
  ],
  GATEWAY_DIRECTION: [
    '网关 “{element}” 的方向 {direction} 与连线数量不符；请更正 gatewayDirection。',
    'The gateway "{element}" is marked {direction}, but its flows say otherwise; correct gatewayDirection.',
  ],
  GATEWAY_SINGLE_FLOW: [
    '网关 “{element}” 只有一进一出，没有作用；请删除它或补充连线。',
    'The gateway "{element}" neither splits nor joins; remove it or add the missing flows.',
  ],
  JOIN_DEAD: [
    '并行网关 “{element}” 永远等不到全部令牌：进入的连线不会同时到达；请改用排他网关汇合。',
    'The parallel join "{element}" never gets all its tokens, as its incoming flows exclude each other; join with an exclusive gateway.',
  ],
  ELEMENT_UNREACHABLE: [
    '从开始事件到达不了 “{element}”；请连接或删除它。',
    '"{element}" cannot be reached from a start event; connect or remove it.',
  ],
  ELEMENT_ENDS: [
    '流程在 “{element}” 处没有结束事件就结束；请连接到结束事件。',
    'The path ends at "{element}" without an end event; connect it to one.',
  ],
  END_EVENT_MISSING: ['“{element}” 有开始事件但没有结束事件；请添加结束事件。', '"{element}" has a start event but no end event; add one.'],
  END_WITHOUT_START: [
    '“{element}” 有结束事件但没有开始事件；请添加开始事件。',
    '"{element}" has an end event but no start event; add one.',
  ],

  // events
  EVENT_DEFINITION_SHARED: [
    '抛出事件 “{element}” 的事件定义也被 “{other}” 引用；请为两者分别定义。',
    'The event definition of the throw event "{element}" is used by "{other}" too; give each its own.',
  ],
  ERROR_UNDECLARED: [
    '“{element}” 的错误 “{code}” 没有声明，引擎把它当作错误代码；请新建错误并选择它。',
    '"{element}" refers to the error "{code}", which is not declared and so counts as the code itself; declare it.',
  ],
  MESSAGE_UNSENT: [
    '“{element}” 没有选择消息，也没有实现方式，什么也不会发送；请填写其中一项。',
    '"{element}" names no message and has no implementation, so nothing is sent; fill in one of them.',
  ],
  OPERATION_MISSING: [
    '消息事件 “{element}” 没有 operationRef；引擎只按消息名称工作，与其他引擎交换时请补充。',
    'The message event "{element}" names no operation; the engine goes by the message name, other engines may need operationRef.',
  ],
  CALLED_PROCESS_START: [
    '“{element}” 调用的流程 “{target}” 没有无触发开始事件，调用会失败；请添加。',
    'The process "{target}" that "{element}" calls has no plain start event, so the call fails; add one.',
  ],
  COMPENSATION_NON_INTERRUPTING: [
    '补偿事件 “{element}” 标记为非中断，但补偿在活动之后运行，没有可中断的内容；请删除该设置。',
    'The compensation event "{element}" is marked non-interrupting, but runs after its activity; remove the setting.',
  ],
  COMPENSATION_UNHANDLED: [
    '补偿边界事件 “{element}” 没有关联到任何活动，补偿时什么也不会发生；请关联一个标记为补偿的活动。',
    'The compensation boundary event "{element}" is associated with nothing, so nothing is undone; associate an activity for compensation.',
  ],
  COMPENSATION_HANDLER_UNUSED: [
    '补偿活动 “{element}” 没有与任何补偿边界事件关联，永远不会运行；请关联或删除它。',
    'The compensation activity "{element}" is associated with no compensation boundary event and never runs; associate or remove it.',
  ],
  TIMER_CYCLE_POSITION: [
    '“{element}” 只等待一次，定时周期只有第一次有效；请改用日期或时长。',
    '"{element}" waits once, so only the first time of its timer cycle counts; use a date or a duration.',
  ],
  TIMER_ENDLESS: [
    '“{element}” 的定时周期 “{value}” 没有次数上限，会一直重复到活动结束；请写明次数，例如 R3/PT10M。',
    'The timer cycle "{value}" of "{element}" repeats without end while its activity is open; write how often, for example R3/PT10M.',
  ],
  LINK_SOURCE_MISSING: [
    '链接捕获事件 “{element}” 没有对应的链接抛出事件；请添加或删除它。',
    'No link throw event leads to the link catch event "{element}"; add one or remove it.',
  ],
  LINK_PAIR: [
    '链接事件 “{element}” 与其目标没有互相引用；请更正 source 和 target。',
    'The link event "{element}" and its target do not name each other; correct source and target.',
  ],
  LINK_FLOW_IN: [
    '链接捕获事件 “{element}” 有进入的连线；请删除连线或改用普通事件。',
    'The link catch event "{element}" has an incoming flow; remove it or use a plain event.',
  ],
  EVENT_GATEWAY_SINGLE: [
    '事件网关 “{element}” 至少需要两条离开的连线。',
    'The event-based gateway "{element}" needs at least two outgoing flows.',
  ],
  EVENT_GATEWAY_MIXED: [
    '事件网关 “{element}” 后同时有接收任务和消息事件；请只用其中一种。',
    'The event-based gateway "{element}" leads to receive tasks and message events; use only one kind.',
  ],

  // activities
  PROCESS_PUBLIC: [
    '流程 “{element}” 标记为公开（Public）却又可执行；请改为 Private。',
    'The process "{element}" is marked Public, yet executable; mark it Private.',
  ],
  QUANTITY_INVALID: ['“{element}” 的 {name} 小于 1；请改为 1。', 'The {name} of "{element}" is less than 1; write 1.'],
  SCRIPT_FORMAT_MISSING: [
    '脚本任务 “{element}” 没有 scriptFormat；请填写脚本语言。',
    'The script task "{element}" has no scriptFormat; fill in its language.',
  ],
  EXPRESSION_INFORMAL: [
    '“{element}” 的 {name} 没有标记为 tFormalExpression；引擎会当作表达式执行，请标记。',
    'The {name} of "{element}" is not marked as tFormalExpression; the engine evaluates it all the same, mark it.',
  ],
  EXPRESSION_EMPTY: [
    '“{element}” 的表达式 {name} 是空的；请填写或删除。',
    'The expression {name} of "{element}" is empty; fill it in or remove it.',
  ],

  // collaborations and choreographies: drawn only
  MESSAGE_FLOW_SAME_POOL: [
    '消息流 “{element}” 没有连接两个不同的泳池；请改用顺序流。',
    'The message flow "{element}" does not connect two pools; use a sequence flow.',
  ],
  MESSAGE_FLOW_END: [
    '消息流 “{element}” 不能连接 “{target}” 的这一端；请改接到发送或接收元素。',
    'The message flow "{element}" cannot have "{target}" at this end; connect it to an element that sends or receives.',
  ],
  MESSAGE_FLOW_EVENT: [
    '“{element}” 连接了消息流但不是消息事件；请改为消息事件。',
    '"{element}" has a message flow but is no message event; make it one.',
  ],
  CHOREOGRAPHY_REFERENCE: [
    '“{element}” 不能引用编排（choreography）；请删除 choreographyRef。',
    '"{element}" cannot refer to a choreography; remove choreographyRef.',
  ],
  CHOREOGRAPHY_CLOSED: [
    '协作 “{element}” 与其编排的 isClosed 不一致；请改为相同。',
    'The collaboration "{element}" and its choreography differ in isClosed; make them equal.',
  ],
  GLOBAL_CONVERSATION_CONTENT: [
    '全局会话 “{element}” 只能包含参与者和消息流；请删除其他内容。',
    'The global conversation "{element}" may hold participants and message flows only; remove the rest.',
  ],
  PARTICIPANT_MULTIPLICITY: [
    '参与者 “{element}” 的数量范围 {value} 无效；请更正 minimum 和 maximum。',
    'The participant "{element}" has the multiplicity {value}; correct minimum and maximum.',
  ],

  // data: kept in the model; the engine works with variables
  DATA_COLLECTION: [
    '数据 “{element}” 的 isCollection 与其数据定义不一致；请改为相同。',
    'The data "{element}" and its item definition differ in isCollection; make them equal.',
  ],
  DATA_NOT_IN_SET: ['数据 “{element}” 不在任何数据集中；请加入。', 'The data "{element}" is in no input or output set; add it to one.'],
  DATA_SET_OPTIONAL: [
    '“{element}” 的数据集把 “{target}” 列为可选，却没有列为其数据；请补上。',
    'A data set of "{element}" calls "{target}" optional without listing it; list it.',
  ],
  DATA_SETS_APART: [
    '“{element}” 的输入集和输出集没有互相引用；请更正。',
    'An input set and an output set of "{element}" do not name each other; correct them.',
  ],
  DATA_SETS_SEVERAL: [
    '“{element}” 只传递一条消息，{name} 应为 {count} 个；请更正。',
    '"{element}" carries one message and so needs {count} {name}; correct it.',
  ],
  DATA_SOURCES: [
    '“{element}” 的数据关联没有转换，只能有一个来源；请更正。',
    'A data association of "{element}" without a transformation needs exactly one source; correct it.',
  ],
  DATA_TYPE: [
    '“{element}” 两端的数据类型不同；请使用相同的数据定义。',
    'The data that "{element}" passes has different types at both ends; use the same item definition.',
  ],
  EVENT_DATA_COUNT: [
    '“{element}” 的数据个数与事件定义个数不同；请一一对应。',
    '"{element}" has not as many data items as event definitions; give each its own.',
  ],
  CALLED_DATA: [
    '调用活动 “{element}” 的数据与被调用的 “{target}” 不一致；请更正。',
    'The data of the call activity "{element}" does not match that of "{target}"; correct it.',
  ],
  SERVICE_BINDING_MISSING: [
    '“{element}” 声明了服务接口却没有输入输出绑定；请添加。',
    '"{element}" offers a service interface without an input/output binding; add one.',
  ],
  LOOP_BEHAVIOR: [
    '多实例 “{element}” 设置了 behavior="{value}"，引擎不会为各项完成抛出事件；请在活动内部抛出事件。',
    'The multi-instance "{element}" has behavior="{value}", but no events are thrown as its items end; throw them inside the activity.',
  ],
  LOOP_DATA_UNKNOWN: [
    '多实例 “{element}” 的集合不是它自己的数据输入；请更正 loopDataInputRef。',
    'The collection of the multi-instance "{element}" is no data input of it; correct loopDataInputRef.',
  ],
  SUB_PROCESS_DATA: [
    '子流程 “{element}” 不能有输入输出声明；请删除 ioSpecification。',
    'The sub-process "{element}" cannot have an ioSpecification; remove it.',
  ],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type WarningCode = keyof typeof warningTexts;
