import 'zone.js/node';
