import { mount } from 'svelte';
import App from './App.svelte';
import { createTransport } from './client/transport.ts';
import { BrowserTab } from './desktop/browser-tab.ts';
import { DesktopWindow } from './desktop/desktop-window.ts';
import { findBridge } from './desktop/find-bridge.ts';
import { followDesktop } from './desktop/follow-desktop.ts';
import { Studio } from './state/studio.svelte.ts';
import './ui/tokens.css';
import './ui/base.css';

const target = document.querySelector('#studio');
if (target === null) throw new Error('index.html has no place for the studio.');

const bridge = findBridge();
const outside = bridge === null ? new BrowserTab() : new DesktopWindow(bridge);
const studio = new Studio(createTransport(new URL('.', location.href).href.replace(/\/$/, '')), () => localStorage, outside);
mount(App, { target, props: { studio } });
studio.start();
if (bridge !== null) followDesktop(bridge, studio);
