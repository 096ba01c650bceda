import { mount } from 'svelte';
import App from './App.svelte';
import { createTransport } from './client/transport.ts';
import { Studio } from './state/studio.svelte.ts';
import './ui/tokens.css';
import './ui/base.css';

const target = document.querySelector('#studio');
if (target === null) throw new Error('index.html has no place for the studio.');

const studio = new Studio(createTransport(location.origin), localStorage);
mount(App, { target, props: { studio } });
studio.start();
