import { createApp } from 'vue';
import 'element-plus/theme-chalk/base.css';
import './theme/tokens.css';
import './theme/element-plus.css';
import './theme/base.css';
import App from './App.vue';
import { i18n, preferredLocale, setLocale } from './i18n/i18n.ts';
import { router } from './router.ts';
import { reloadWhenStale } from './stale-page.ts';
import { applyTheme } from './theme/theme.ts';

reloadWhenStale();
applyTheme();
await setLocale(preferredLocale());
createApp(App).use(i18n).use(router).mount('#app');
