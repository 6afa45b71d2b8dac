import 'uplot/dist/uPlot.min.css';
import '../../../platform/drivers/simulator/tv/shared/base.css';
import './styles/page.css';
import './styles/forms.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/fleet.css';
import './styles/box.css';
import '../../../platform/drivers/simulator/tv/shared/remote.css';
import '../../../platform/drivers/simulator/tv/shared/remote-groups.css';
import './styles/act.css';
import './styles/actions.css';
import './styles/screens.css';
import './styles/audit.css';
import './styles/rollouts.css';
import { render } from 'preact';
import { AppProvider, createApp } from './app.ts';
import { Shell } from './shell.tsx';

const app = createApp();
const place = document.getElementById('app');
if (place === null) throw new Error('the page has no element "app"');
render(
  <AppProvider value={app}>
    <Shell />
  </AppProvider>,
  place,
);
void app.session.resume();
