-- The auditor asks every minute what became of the swaps of late: they are few among the lines of the book.
create index duty_book_swaps on duty_book (at_ms) where kind in ('swap_offered', 'swap_arranged', 'swap_accepted',
    'swap_declined', 'swap_withdrawn', 'swap_called_off', 'swap_lapsed', 'swap_reminded', 'swap_foretold');
