"""scratch"""
from django.http import HttpResponse
def page(request, pk, desk): return HttpResponse("x")
ROUTES = (("change/", page, "change"),)
