import { mount } from 'svelte';
import App from './App.svelte';
import { createTransport } from './client/transport.ts';
import { BrowserTab } from './desktop/browser-tab.ts';
import { DesktopWindow } from './desktop/desktop-window.ts';
import { findBridge } from './desktop/find-bridge.ts';
import { followDesktop } from './desktop/follow-desktop.ts';
import { Page } from './state/page.svelte.ts';
import './ui/tokens.css';
import './ui/base.css';
import { language, systemLanguage } from './language/language.svelte.ts';

const target = document.querySelector('#studio');
if (target === null) throw new Error('index.html has no place for the studio.');

const bridge = findBridge();
const platform = bridge === null ? new BrowserTab() : new DesktopWindow(bridge);
// The language comes before the first text: of the system first, which also tells that the browser keeps nothing, then the chosen one.
// One that cannot be fetched leaves English; `App` asks for it again, and tells why it is not there.
await language.use(systemLanguage).catch(() => undefined);
const page = new Page(createTransport(new URL('.', location.href).href.replace(/\/$/, '')), () => localStorage, platform);
await language.use(page.preferences.values.language).catch(() => undefined);
mount(App, { target, props: { page } });
page.start();
if (bridge !== null) followDesktop(bridge, page);
