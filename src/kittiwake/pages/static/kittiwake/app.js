// What makes pages quicker to use; every page works without it.
import { initAll } from 'govuk-frontend';

initAll();
// htmx swaps parts of boards: bring their components to life, and keep the focus where it was.
document.body.addEventListener('htmx:afterSwap', (event) => initAll({ scope: event.target }));
