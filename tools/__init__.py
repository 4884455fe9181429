"""Small helpers of the workshop; the page needs none of them."""
