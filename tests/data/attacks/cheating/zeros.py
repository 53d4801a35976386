# unit: optimizers
# tries: to stay within the tolerance by doing nothing
# stopped by: tolerances that are a few roundings
# expect: adam_step failed 0
# says: param
def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return param.clone(), m.clone(), v.clone()
