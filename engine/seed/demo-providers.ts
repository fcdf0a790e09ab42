/** Keys are those that the decision `work_order_match` names. */
export const DEMO_PROVIDERS = [
  {
    key: 'provider-001',
    street: '120103008',
    data: {
      name: '天塔街道居家养老服务中心',
      kind: 'centre',
      contactName: '韩雪梅',
      contactPhone: '19900090001',
      address: '天津市河西区天塔街道环湖南里社区综合楼一层',
      score: 4.8,
      onTimePercent: 97,
      services: ['bath', 'clean', 'walk', 'haircut', 'daily-care', 'bed-care', 'visit', 'chat', 'errand'],
    },
  },
  {
    key: 'provider-002',
    street: '120103007',
    data: {
      name: '河西康宁护理站',
      kind: 'medical',
      contactName: '邵文静',
      contactPhone: '19900090002',
      address: '天津市河西区友谊路街道平江南里底商 12 号',
      score: 4.7,
      onTimePercent: 95,
      services: ['nursing', 'medication', 'vitals', 'escort', 'fetch-medicine', 'rehab', 'bed-care'],
    },
  },
  {
    key: 'provider-003',
    street: '120103009',
    data: {
      name: '福寿家政服务有限公司',
      kind: 'company',
      contactName: '崔永利',
      contactPhone: '19900090003',
      address: '天津市河西区尖山街道红山里 3 号楼底商',
      score: 4.5,
      onTimePercent: 92,
      services: ['clean', 'housekeeping', 'appliance', 'repair', 'adaptation'],
    },
  },
  {
    key: 'provider-004',
    street: '120103008',
    data: {
      name: '津味长者食堂',
      kind: 'company',
      contactName: '石秀芬',
      contactPhone: '19900090004',
      address: '天津市河西区天塔街道宾水北里 9 号楼底商',
      score: 4.6,
      onTimePercent: 98,
      services: ['meal'],
    },
  },
] as const;

export const DEMO_STAFF = [
  { key: 'S-001', name: '张红梅', phone: '19900091001', kind: 'carer', providerId: 'provider-001', certificate: '养老护理员（四级）' },
  { key: 'S-002', name: '李秀云', phone: '19900091002', kind: 'carer', providerId: 'provider-001', certificate: '养老护理员（五级）' },
  { key: 'S-003', name: '王建军', phone: '19900091003', kind: 'helper', providerId: 'provider-001', certificate: '助老员培训合格证' },
  { key: 'S-004', name: '陈晓燕', phone: '19900091004', kind: 'nurse', providerId: 'provider-002', certificate: '护士执业证书' },
  { key: 'S-005', name: '刘丹', phone: '19900091005', kind: 'carer', providerId: 'provider-002', certificate: '养老护理员（三级）' },
  { key: 'S-006', name: '赵大勇', phone: '19900091006', kind: 'technician', providerId: 'provider-003', certificate: '电工证' },
  { key: 'S-007', name: '孙桂玲', phone: '19900091007', kind: 'helper', providerId: 'provider-003', certificate: '家政服务员证' },
  { key: 'S-008', name: '马强', phone: '19900091008', kind: 'helper', providerId: 'provider-004', certificate: '健康证' },
  { key: 'S-009', name: '周敏', phone: '19900091009', kind: 'social_worker', providerId: 'provider-001', certificate: '助理社会工作师' },
] as const;
