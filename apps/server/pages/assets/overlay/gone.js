// On air nothing is shown rather than a note that viewers can do nothing about.
if (window.obsstudio) document.getElementById("gone")?.remove();
