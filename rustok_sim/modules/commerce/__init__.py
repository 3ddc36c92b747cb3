"""Commerce: catalogue, prices, stock, orders, payments, checkout.

One folder for each. They may use one another, and nothing of any other module.
"""
