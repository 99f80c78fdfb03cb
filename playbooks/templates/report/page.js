// Copyright (c) 2026, the cloud_elements.platform contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// Search and sort tables. It reads and moves what is there, and writes nothing but attributes.
(function () {
  'use strict';
  var field = document.getElementById('search');
  var tables = Array.prototype.slice.call(document.querySelectorAll('table.rows'));
  function rowsOf(table) {
    return Array.prototype.slice.call(table.tBodies[0].rows);
  }
  function search() {
    var wanted = field.value.trim().toLowerCase();
    tables.forEach(function (table) {
      rowsOf(table).forEach(function (row) {
        row.hidden = wanted !== '' && row.textContent.toLowerCase().indexOf(wanted) < 0;
      });
      var folder = table.closest('details');
      if (folder && wanted !== '') {
        folder.open = rowsOf(table).some(function (row) { return !row.hidden; });
      }
    });
  }
  function sort(table, head) {
    var column = head.cellIndex;
    var up = head.getAttribute('aria-sort') !== 'ascending';
    Array.prototype.forEach.call(head.parentNode.cells, function (cell) { cell.removeAttribute('aria-sort'); });
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    rowsOf(table).sort(function (one, other) {
      var order = one.cells[column].textContent.localeCompare(other.cells[column].textContent, undefined, {numeric: true});
      return up ? order : -order;
    }).forEach(function (row) { table.tBodies[0].appendChild(row); });
  }
  if (field) {
    field.closest('label').hidden = false;
    field.addEventListener('input', search);
  }
  tables.forEach(function (table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head) {
      head.tabIndex = 0;
      head.classList.add('sortable');
      head.addEventListener('click', function () { sort(table, head); });
      head.addEventListener('keydown', function (event) {
        if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); sort(table, head); }
      });
    });
  });
})();
