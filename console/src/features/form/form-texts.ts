import { computed, type ComputedRef } from 'vue';
import type { Locale } from '#forms/runtime/form.ts';
import { useFormStore } from './form-store.ts';

/** The renderer's own words; what a form says is in its message files. */
const zhCN = {
  required: '必填',
  choose: '请选择',
  search: '输入姓名、电话或编号查找',
  searching: '正在查找',
  noMatch: '没有找到',
  searchFailed: '查找失败，请稍后再试',
  yes: '是',
  no: '否',
  empty: '未填写',
  summaryTitle: '还有 {n} 处需要修改',
  wholeForm: '整张表单',
  loading: '正在打开表单',
  loadFailed: '表单无法打开',
  retry: '重试',
  sections: '表单分页',
  previous: '上一页',
  next: '下一页',
  takePhoto: '拍照或选择照片',
  removePhoto: '删除第 {n} 张照片',
  photo: '第 {n} 张照片',
  photoFailed: '这张照片无法处理，请换一张',
  locate: '获取当前位置',
  locating: '正在定位',
  locateFailed: '无法定位，请手工填写',
  latitude: '纬度',
  longitude: '经度',
  address: '地点说明',
  accuracy: '精度约 {n} 米',
  addRow: '增加一行',
  removeRow: '删除第 {n} 行',
  row: '第 {n} 行',
  noRows: '还没有内容',
  noCandidates: '没有可选的对象',
  chosen: '选择',
};
type FormTexts = typeof zhCN;

const en: FormTexts = {
  required: 'required',
  choose: 'Please choose',
  search: 'Search by name, phone or number',
  searching: 'Searching',
  noMatch: 'Nothing found',
  searchFailed: 'The search failed, please try again later',
  yes: 'Yes',
  no: 'No',
  empty: 'Not filled in',
  summaryTitle: 'Please check {n} entries',
  wholeForm: 'The whole form',
  loading: 'Opening the form',
  loadFailed: 'The form cannot be opened',
  retry: 'Try again',
  sections: 'Form sections',
  previous: 'Back',
  next: 'Next',
  takePhoto: 'Take or choose a photo',
  removePhoto: 'Remove photo {n}',
  photo: 'Photo {n}',
  photoFailed: 'This photo cannot be used, please take another one',
  locate: 'Use my position',
  locating: 'Looking for the position',
  locateFailed: 'The position cannot be found, please enter it',
  latitude: 'Latitude',
  longitude: 'Longitude',
  address: 'Description of the place',
  accuracy: 'Accurate to about {n} m',
  addRow: 'Add a row',
  removeRow: 'Remove row {n}',
  row: 'Row {n}',
  noRows: 'Nothing here yet',
  noCandidates: 'There is nobody to choose',
  chosen: 'Choose',
};

export function formTexts(locale: Locale): FormTexts {
  return locale === 'en' ? en : zhCN;
}

/** The renderer's words in the language of the form. */
export function useFormTexts(): ComputedRef<FormTexts> {
  const { locale } = useFormStore();
  return computed(() => formTexts(locale.value));
}
